import { expect, test } from 'vitest';
import { offersAt } from './complete';

const INPUT = { items: [{ price: 1, 'unit price': 2 }], who: { name: 'Ana' } };
const labels = (before: string) => offersAt(before, INPUT)?.offers.map((one) => one.label);

test('members of $states, and of the input behind it', () => {
  expect(labels('$states.')).toEqual(['input', 'context', 'result', 'errorOutput']);
  expect(labels('{% $sum($states.input.')).toEqual(['items', 'who']);
  expect(labels('$states.input.items.')).toEqual(['price', '`unit price`']);
  expect(labels('$states.input.items[0].p')).toEqual(['price', '`unit price`']);
  expect(labels('$states.context.')).toEqual([]);
  expect(labels('$.who.')).toEqual(['name']);
});

test('functions of both languages', () => {
  expect(labels('$')).toContain('$sum');
  expect(labels('1 + $su')).toContain('$states');
  expect(labels('States.Arr')).toContain('States.ArrayLength');
  expect(labels('1 + ')).toBeUndefined();
  expect(offersAt('1 + $su', INPUT)?.from).toBe(4);
  expect(offersAt('$states.input.wh', INPUT)?.from).toBe(14);
});
