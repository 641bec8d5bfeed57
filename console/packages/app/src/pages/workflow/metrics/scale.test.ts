import { describe, expect, it } from 'vitest';
import { ceiling, shade } from './scale';

describe('axes', () => {
  it.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [7, 10],
    [11, 20],
    [999, 1000],
    [0.3, 0.5],
    [Number.NaN, 1],
  ])('end at a round number: %d', (value, expected) => {
    expect(ceiling(value)).toBeCloseTo(expected);
  });

  it.each([
    [0, 10, 0],
    [0.1, 10, 1],
    [10, 10, 5],
    [5, 10, 3],
    [1, 0, 0],
  ])('shades: %d of %d', (value, greatest, expected) => {
    expect(shade(value, greatest)).toBe(expected);
  });
});
