import { describe, expect, it } from 'vitest';
import { isSame, readViews, withView } from './views';

describe('saved views', () => {
  it.each([
    [null, []],
    ['no JSON', []],
    ['{"a":1}', []],
    ['[1,null,{"name":""},{"name":"x"},{"name":"y","filter":{"status":"FAILED","z":1}}]', [{ name: 'y', filter: { status: 'FAILED' } }]],
  ])('are read: %s', (kept, expected) => {
    expect(readViews(kept)).toEqual(expected);
  });

  it('replace one of the same name', () => {
    const one = { name: 'a', filter: { status: 'FAILED' } };
    const other = { name: 'a', filter: { status: 'RUNNING' } };
    expect(withView([one], other)).toEqual([other]);
  });

  it('are the same in whatever order', () => {
    expect(isSame({ status: 'a', name: 'b' }, { name: 'b', status: 'a' })).toBe(true);
    expect(isSame({ status: 'a' }, {})).toBe(false);
  });
});
