import { describe, expect, it } from 'vitest';
import type { Run, Visit } from './types';
import { variablesBefore } from './variables';

const visit = (index: number, state: string, more: Partial<Visit>): Visit => ({
  index,
  state,
  type: 'Pass',
  enteredAt: index,
  entered: index + 1,
  depth: 0,
  status: 'succeeded',
  attempts: [],
  events: [],
  ...more,
});

describe('variables', () => {
  // Begin, then a Parallel state with the branches One → Two and Other, then End.
  const visits = [
    visit(0, 'Begin', { assigned: { a: '1', b: '1' } }),
    visit(1, 'Both', { previous: 0, assigned: { c: '9' } }),
    visit(2, 'One', { previous: 1, parent: 1, assigned: { a: '2' } }),
    visit(3, 'Other', { previous: 1, parent: 1, assigned: { x: '0' } }),
    visit(4, 'Two', { previous: 2, parent: 1 }),
    visit(5, 'End', { previous: 1 }),
  ];
  const run: Run = { status: 'SUCCEEDED', visits, transitions: 6, lastEvent: 0 };
  const seen = (index: number) => Object.fromEntries(variablesBefore(run, visits[index] as Visit).map((one) => [one.name, one.value]));

  it.each([
    [0, {}],
    [1, { a: '1', b: '1' }],
    [2, { a: '1', b: '1' }],
    [3, { a: '1', b: '1' }],
    [4, { a: '2', b: '1' }],
    [5, { a: '1', b: '1', c: '9' }],
  ])('of visit %i are those of its own thread', (index, expected) => {
    expect(seen(index)).toEqual(expected);
  });
});
