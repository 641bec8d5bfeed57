import { expect, it } from 'vitest';
import type { Scope } from '../asl';
import { compare } from './compare';

const scope = (States: Scope['States']): Scope => ({ StartAt: Object.keys(States)[0] ?? '', States });

it('tells what was added, removed and changed', () => {
  const before = scope({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Result: { a: 1, b: 2 }, End: true }, C: { Type: 'Succeed' } });
  const after = scope({ A: { Type: 'Pass', Next: 'D' }, B: { End: true, Result: { b: 2, a: 1 }, Type: 'Pass' }, D: { Type: 'Succeed' } });
  expect([...compare(before, after)]).toEqual([
    ['A', 'changed'],
    ['D', 'added'],
    ['C', 'removed'],
  ]);
  expect(compare(before, before).size).toBe(0);
});

it('looks into containers without blaming them', () => {
  const map = (Result: unknown) =>
    scope({ M: { Type: 'Map', ItemProcessor: scope({ I: { Type: 'Pass', Result, End: true } }), End: true } });
  expect([...compare(map(1), map(2))]).toEqual([['I', 'changed']]);
});
