import { describe, expect, it } from 'vitest';
import { fromTokens, readFilter, timeOf, toTokens } from './filter';

describe('filter', () => {
  it('is the same after a way through the address and back', () => {
    for (const filter of [
      {},
      { status: 'FAILED,TIMED_OUT', workflow: 'orders' },
      { input: '$.order.tags=[1,2]', output: 'a, b' },
      { name: 'order', error: 'Payment', since: '24h', until: '2030-01-01' },
    ]) {
      expect(fromTokens(toTokens(readFilter(filter)))).toEqual(filter);
    }
  });

  it('leaves out what it does not know', () => {
    expect(readFilter({ status: 'FAILED', other: 1, name: '' })).toEqual({ status: 'FAILED' });
  });

  it('takes a word for a name', () => {
    expect(fromTokens([{ operator: ':', value: 'order' }])).toEqual({ name: 'order' });
  });

  it.each([
    [undefined, undefined],
    ['1h', '1999-12-31T23:00:00.000Z'],
    ['7d', '1999-12-25T00:00:00.000Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['soon', undefined],
  ])('a time: %s', (text, expected) => {
    expect(timeOf(text, Date.UTC(2000, 0, 1))).toBe(expected);
  });
});
