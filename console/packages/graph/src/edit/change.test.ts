import { describe, expect, it } from 'vitest';
import { everyState, isScope, type Scope } from '../asl';
import { pictureOf } from '../column.fixture';
import { waysOf } from '../ways';
import { addBranch, addCatch, addRule, connect, duplicate, insert, move, remove, rename, shift } from './change';
import { dropPlace } from './drop';
import { fieldsOf } from './fields';
import { PALETTE, type PaletteItem } from './palette';
import { TEMPLATES } from './templates';

const chain: Scope = {
  QueryLanguage: 'JSONata',
  StartAt: 'A',
  States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'C' }, C: { Type: 'Pass', End: true } },
};

const item = (id: string): PaletteItem => {
  const found = PALETTE.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

/** The ways of a set of states, shortly: `start>A A>B`. */
const ways = (scope: Scope) => waysOf(scope).map(({ from, to }) => `${from || 'start'}>${to || 'end'}`);

/** Whether every state can be reached and leads somewhere that exists. */
function isWhole(scope: Scope): boolean {
  if (!Object.hasOwn(scope.States, scope.StartAt)) return false;
  const names = new Set([...everyState(scope)].map(([name]) => name));
  if (names.size !== [...everyState(scope)].length) return false;
  for (const inner of scopes(scope)) {
    const reached = new Set(waysOf(inner).map((edge) => edge.to));
    for (const [name, state] of Object.entries(inner.States)) {
      if (!reached.has(name)) return false;
      if (!waysOf(inner).some((edge) => edge.from === name)) return false;
      if (state.Next !== undefined && !Object.hasOwn(inner.States, state.Next)) return false;
      for (const rule of state.Choices ?? []) if (!Object.hasOwn(inner.States, rule.Next ?? '')) return false;
    }
  }
  return true;
}

function* scopes(scope: Scope): Generator<Scope> {
  yield scope;
  for (const state of Object.values(scope.States)) {
    for (const inner of [...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])]) yield* scopes(inner);
  }
}

describe('putting something in', () => {
  it.each([
    ['pass', { after: 'A' }, ['start>A', 'A>Pass', 'B>C', 'C>end', 'Pass>B']],
    ['pass', undefined, ['start>A', 'A>B', 'B>C', 'C>Pass', 'Pass>end']],
    ['pass', { into: { from: '', to: 'A', kind: 'next' } }, ['start>Pass', 'A>B', 'B>C', 'C>end', 'Pass>A']],
    ['pass', { into: { from: 'C', to: '', kind: 'next' } }, ['start>A', 'A>B', 'B>C', 'C>Pass', 'Pass>end']],
    ['choice', { after: 'C' }, ['start>A', 'A>B', 'B>C', 'C>Choice', 'Choice>Succeed', 'Choice>Succeed', 'Succeed>end']],
    ['choice', { after: 'A' }, ['start>A', 'A>Choice', 'B>C', 'C>end', 'Choice>B', 'Choice>B']],
  ] as const)('%s at %j', (id, place, expected) => {
    const { scope } = insert(chain, item(id), place);
    expect(ways(scope).sort()).toEqual([...expected].sort());
    expect(scope.States).not.toBe(chain.States);
  });

  it('keeps a definition whole, whatever is put wherever', () => {
    const terminal = new Set(['succeed', 'fail']);
    for (const one of PALETTE.filter(({ id }) => !terminal.has(id))) {
      const { scope } = insert(
        insert(insert(chain, item('parallel'), { after: 'A' }).scope, one, { after: 'Branch 1' }).scope,
        one,
        undefined,
      );
      expect(isWhole(scope), one.id).toBe(true);
      for (const edge of pictureOf(scope).edges)
        expect(isWhole(insert(scope, one, { into: edge }).scope), `${one.id} ${edge.id}`).toBe(true);
    }
  });

  it('gives inner states free names', () => {
    const twice = insert(insert(chain, item('map'), undefined).scope, item('map'), undefined).scope;
    expect([...everyState(twice)].map(([name]) => name)).toEqual(['A', 'B', 'C', 'Map', 'Item', 'Map 2', 'Item 2']);
  });

  it('speaks the language of the definition', () => {
    const { QueryLanguage: _, ...paths } = chain;
    expect(insert(paths as Scope, item('lambda'), undefined).scope.States['Invoke Lambda']).toHaveProperty('Parameters');
    expect(insert(chain, item('lambda'), undefined).scope.States['Invoke Lambda']).toHaveProperty('Arguments');
  });
});

describe('changing what is there', () => {
  it('takes a state out', () => {
    expect(ways(remove(chain, 'B').scope)).toEqual(['start>A', 'A>C', 'C>end']);
    expect(ways(remove(chain, 'A').scope)).toEqual(['start>B', 'B>C', 'C>end']);
    expect(ways(remove(chain, 'C').scope)).toEqual(['start>A', 'A>B', 'B>end']);
  });

  it('leaves no set of states empty', () => {
    const { scope } = insert(chain, item('map'), undefined);
    const emptied = remove(scope, 'Item').scope;
    expect(isScope(emptied)).toBe(true);
    expect(isWhole(emptied)).toBe(true);
  });

  it('gives another name everywhere', () => {
    const caught = addCatch(insert(chain, item('parallel'), { after: 'A' }).scope, 'Parallel').scope;
    const { scope } = rename(caught, 'Fail', 'Sorry');
    expect(scope.States.Parallel?.Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Sorry' }]);
    expect(rename(chain, 'A', 'B').scope).toBe(chain);
    expect(Object.keys(rename(chain, 'A', 'Z').scope.States)).toEqual(['Z', 'B', 'C']);
  });

  it('moves along the chain, and into others', () => {
    expect(ways(shift(chain, 'B', 1).scope).sort()).toEqual(['start>A', 'A>C', 'C>B', 'B>end'].sort());
    expect(ways(shift(chain, 'B', -1).scope).sort()).toEqual(['start>B', 'B>A', 'A>C', 'C>end'].sort());
    expect(ways(shift(chain, 'C', -1).scope).sort()).toEqual(['start>A', 'A>C', 'C>B', 'B>end'].sort());
    const { scope } = insert(chain, item('parallel'), { after: 'A' });
    const moved = move(scope, 'B', { after: 'Branch 1' }).scope;
    expect(isWhole(moved)).toBe(true);
    expect(Object.keys(moved.States.Parallel?.Branches?.[0]?.States ?? {})).toContain('B');
    expect(move(scope, 'Parallel', { after: 'Branch 1' }).scope).toBe(scope);
  });

  it('adds ways', () => {
    const choice = insert(chain, item('choice'), { after: 'A' }).scope;
    expect(isWhole(addRule(choice, 'Choice').scope)).toBe(true);
    expect(connect(choice, 'Choice', 'C').scope.States.Choice?.Choices).toHaveLength(2);
    expect(ways(connect(chain, 'A', 'C').scope)).toContain('A>C');
    expect(addBranch(insert(chain, item('parallel'), undefined).scope, 'Parallel').scope.States.Parallel?.Branches).toHaveLength(3);
    expect(isWhole(duplicate(insert(chain, item('parallel'), undefined).scope, 'Parallel').scope)).toBe(true);
  });
});

describe('dropping', () => {
  const picture = pictureOf(chain);
  it('finds a state, a line, or nothing', () => {
    const node = picture.nodes.find((one) => one.name === 'B');
    if (node === undefined) throw new Error('B');
    expect(dropPlace(picture, { x: node.x + 5, y: node.y + 5 })?.place).toEqual({ after: 'B' });
    expect(dropPlace(picture, { x: node.x + node.width / 2, y: node.y - 12 })?.place).toMatchObject({ into: { from: 'A', to: 'B' } });
    expect(dropPlace(picture, { x: 5000, y: 5000 })).toBeUndefined();
  });
});

describe('tables', () => {
  it('have every field once for each language', () => {
    for (const type of ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map'] as const) {
      for (const language of ['JSONata', 'JSONPath'] as const) {
        const names = fieldsOf(type, language).map((one) => one.name);
        expect(new Set(names).size, type).toBe(names.length);
      }
    }
    expect(fieldsOf('Task', 'JSONata').map((one) => one.name)).not.toContain('Parameters');
    expect(fieldsOf('Task', 'JSONPath').map((one) => one.name)).not.toContain('Arguments');
  });

  it('hold templates that are whole', () => {
    for (const { id, definition } of TEMPLATES) expect(isScope(definition) && isWhole(definition), id).toBe(true);
  });
});
