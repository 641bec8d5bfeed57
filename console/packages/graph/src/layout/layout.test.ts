import { describe, expect, it } from 'vitest';
import type { Scope, State } from '../asl';
import { edgesOf, labelOfRule } from './edges';
import { layout } from './layout';
import { pathOf } from './path';
import { svgOf } from './svg';

const pass = (Next?: string): State => (Next === undefined ? { Type: 'Pass', End: true } : { Type: 'Pass', Next });

const nested: Scope = {
  StartAt: 'Both',
  States: {
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'One', States: { One: pass('Two'), Two: pass() } },
        { StartAt: 'Each', States: { Each: { Type: 'Map', ItemProcessor: { StartAt: 'Item', States: { Item: pass() } }, End: true } } },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Sorry' }],
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
    Sorry: { Type: 'Fail', Error: 'Sorry' },
  },
};

/** A long workflow with everything in it: `count` states and more. */
function large(count: number): Scope {
  const States: Record<string, State> = {};
  for (let index = 0; index < count; index += 1) {
    const Next = `S${index + 1}`;
    States[`S${index}`] =
      index % 9 === 4
        ? { Type: 'Choice', Choices: [{ Condition: '{% $states.input.a %}', Next: `S${Math.min(count, index + 5)}` }], Default: Next }
        : {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Next,
            Catch: index % 7 === 0 ? [{ ErrorEquals: ['States.ALL'], Next: `S${count}` }] : [],
          };
  }
  States[`S${count}`] = { Type: 'Succeed' };
  return { StartAt: 'S0', States };
}

describe('layout', () => {
  it('draws every state once, and lines only between what is there', () => {
    const picture = layout(nested);
    const names = picture.nodes.map((node) => node.name).filter((name) => name !== '');
    expect(names.sort()).toEqual(['Both', 'Done', 'Each', 'Item', 'One', 'Sorry', 'Two']);
    const ids = new Set(picture.nodes.map((node) => node.id));
    expect(ids.size).toBe(picture.nodes.length);
    for (const edge of picture.edges) expect([ids.has(edge.source), ids.has(edge.target)]).toEqual([true, true]);
  });

  it('keeps what is inside a container inside of it', () => {
    const { nodes } = layout(nested);
    const of = (name: string) => nodes.find((node) => node.name === name);
    for (const [inner, outer] of [
      ['One', 'Both'],
      ['Each', 'Both'],
      ['Item', 'Each'],
    ] as const) {
      const [small, big] = [of(inner), of(outer)];
      if (small === undefined || big === undefined) throw new Error('a state is missing');
      expect(small.x).toBeGreaterThan(big.x);
      expect(small.y).toBeGreaterThan(big.y);
      expect(small.x + small.width).toBeLessThan(big.x + big.width);
      expect(small.y + small.height).toBeLessThan(big.y + big.height);
    }
  });

  it('lets no two states of a scope overlap', () => {
    const nodes = layout(large(60)).nodes.filter((node) => node.kind === 'state');
    for (const one of nodes) {
      for (const other of nodes) {
        if (one === other) continue;
        const isApart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        expect(isApart, `${one.name} ${other.name}`).toBe(true);
      }
    }
  });

  it('gives the same picture for the same definition', () => {
    expect(layout(large(40))).toEqual(layout(large(40)));
  });

  it('bears targets that do not exist, states named like members of objects, and loops', () => {
    const odd: Scope = {
      StartAt: 'constructor',
      States: { constructor: pass('toString'), toString: pass('constructor'), lost: pass('nowhere') } as unknown as Record<string, State>,
    };
    expect(layout(odd).nodes.filter((node) => node.kind === 'state')).toHaveLength(3);
  });
});

describe('edges', () => {
  it('say where one can go', () => {
    const shown = edgesOf(nested).map(({ from, to, kind, label }) => `${from || 'start'}>${to || 'end'} ${kind} ${label ?? ''}`.trim());
    expect(shown).toEqual(['start>Both next', 'Both>Done next', 'Both>Sorry catch States.ALL', 'Done>end next', 'Sorry>end next']);
  });

  it.each([
    [{ Condition: '{% $states.input.total > 5000 %}' }, 'total > 5000'],
    [{ Variable: '$.total', NumericGreaterThanEquals: 3, Next: 'x' }, 'total ≥ 3'],
    [{ Variable: '$.name', StringEquals: 'Ana' }, 'name = Ana'],
    [{ Variable: '$.a', IsPresent: true }, 'a is present true'],
    [{ Not: { Variable: '$.ok', BooleanEquals: true } }, 'not ok = true'],
    [
      {
        And: [
          { Variable: '$.a', NumericEquals: 1 },
          { Variable: '$.b', NumericEquals: 2 },
        ],
      },
      'a = 1 and b = 2',
    ],
    [{}, ''],
  ])('a rule is told in a few characters: %j', (rule, expected) => {
    expect(labelOfRule(rule)).toBe(expected);
  });
});

describe('path', () => {
  it('bends softly', () => {
    expect(pathOf([])).toBe('');
    expect(
      pathOf([
        { x: 0, y: 0 },
        { x: 10, y: 20 },
      ]),
    ).toBe('M0,0 C0,10 10,10 10,20');
  });
});

describe('svg', () => {
  it('names every state, and holds nothing that runs', () => {
    const hostile: Scope = { StartAt: '<script>"&\u0001', States: { '<script>"&\u0001': { Type: 'Succeed' } } };
    const drawn = svgOf(layout(hostile), () => 'failed');
    expect(drawn).toContain('&lt;script&gt;&quot;&amp;�');
    expect(drawn).not.toContain('<script');
    const names = ['Both', 'Done', 'Each', 'Item', 'One', 'Sorry', 'Two'];
    const picture = svgOf(layout(nested));
    for (const name of names) expect(picture).toContain(`>${name}</text>`);
  });
});
