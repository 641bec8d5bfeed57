import { expect, test } from 'vitest';
import type { Scope } from '../asl';
import { copied, draw, drawNew, paste } from './draw';
import { PALETTE } from './palette';

const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'A',
  States: {
    A: { Type: 'Task', Resource: 'r', Next: 'C' },
    C: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Z' }], Default: 'P' },
    P: {
      Type: 'Parallel',
      Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Next: 'D' }, D: { Type: 'Pass', End: true } } }],
      Next: 'Z',
    },
    Z: { Type: 'Succeed' },
  },
} as unknown as Scope;
const item = (id: string) => PALETTE.find((one) => one.id === id) as (typeof PALETTE)[number];
const states = (scope: Scope) => scope.States as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

test('a line goes to a state of the same set, or to the end', () => {
  expect(states(draw(DEFINITION, 'A', 'next', 'P').scope).A).toMatchObject({ Next: 'P' });
  expect(states(draw(DEFINITION, 'A', 'next', '').scope).A).toMatchObject({ End: true });
  expect(states(draw(DEFINITION, 'C', 'next', 'A').scope).C?.Choices).toHaveLength(2);
  expect(states(draw(DEFINITION, 'P', 'catch', 'Z').scope).P).toMatchObject({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }] });
  for (const [from, port, to] of [
    ['A', 'next', 'A'],
    ['A', 'next', 'B'],
    ['A', 'catch', 'B'],
    ['C', 'catch', 'Z'],
    ['C', 'next', ''],
    ['Z', 'next', 'A'],
    ['Z', 'next', ''],
  ] as const) {
    expect(draw(DEFINITION, from, port, to).scope).toEqual(DEFINITION);
  }
});

test('a line to an empty place puts in a new state', () => {
  const next = drawNew(DEFINITION, 'A', 'next', item('pass'));
  expect(next.selected).toBe('Pass');
  expect(states(next.scope)).toMatchObject({ A: { Next: 'Pass' }, Pass: { Next: 'C' } });
  const rule = drawNew(DEFINITION, 'C', 'next', item('pass'));
  expect(rule.selected).toBe('Pass');
  expect(states(rule.scope)).toMatchObject({ C: { Default: 'P', Choices: [{}, { Next: 'Pass' }] }, Pass: { Next: 'P' } });
  const caught = drawNew(DEFINITION, 'P', 'catch', item('fail'));
  expect(states(caught.scope)).toMatchObject({ P: { Next: 'Z', Catch: [{ Next: 'Fail' }] }, Fail: { Type: 'Fail' } });
  expect(drawNew(DEFINITION, 'Z', 'next', item('pass')).scope).toBe(DEFINITION);
});

test('a state is copied as text and put in elsewhere', () => {
  const text = copied(draw(DEFINITION, 'P', 'catch', 'A').scope, 'P') ?? '';
  const here = paste(DEFINITION, text, 'A');
  expect(here?.selected).toBe('P 2');
  expect(states(here?.scope as Scope)['P 2']).toMatchObject({ Next: 'C', Catch: [{ Next: 'A' }] });
  const other = { StartAt: 'X', States: { X: { Type: 'Pass', End: true } } } as unknown as Scope;
  const there = paste(other, text, undefined);
  expect(states(there?.scope as Scope)).toMatchObject({ X: { Next: 'P' }, P: { End: true } });
  expect(states(there?.scope as Scope).P?.Catch).toBeUndefined();
  expect(paste(other, '{"Type": "Wait", "Seconds": 1}', 'X')?.selected).toBe('Wait');
  for (const wrong of ['', 'x', '1', '{}', '[]', '{"a": 1}', '{"Type": "Nope"}']) expect(paste(other, wrong, 'X')).toBeUndefined();
});
