import { describe, expect, it } from 'vitest';
import { diff, pretty, tokens } from './json';

describe('json', () => {
  it('is shown with a member a line, and as it stands where it is none', () => {
    expect(pretty('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(pretty('{"a":')).toBe('{"a":');
  });

  it.each([
    ['a\nb\nc', 'a\nb\nc', ['a', 'b', 'c']],
    ['a\nb\nc', 'a\nc', ['a', '-b', 'c']],
    ['a\nc', 'a\nb\nc', ['a', '+b', 'c']],
    ['a\nx\nc\nd', 'a\ny\nc\nz\nd', ['a', '-x', '+y', 'c', '+z', 'd']],
    ['', 'a', ['-', '+a']],
  ])('the difference of %j and %j', (before, after, expected) => {
    const signs = { same: '', added: '+', removed: '-' };
    expect(diff(before, after).map((line) => signs[line.kind] + line.text)).toEqual(expected);
  });

  it('compares what is large in bounded time', () => {
    const before = Array.from({ length: 5000 }, (_, index) => `a${index}`).join('\n');
    const after = Array.from({ length: 5000 }, (_, index) => `b${index}`).join('\n');
    expect(diff(before, after)).toHaveLength(10_000);
  });

  it('colours a line without losing any of it', () => {
    const line = '  "a<script>": ["x\\"y", -1.5e3, true, null] ‮שלום 🙂';
    const found = tokens(line);
    expect(found.map((token) => token.text).join('')).toBe(line);
    expect(found.map((token) => token.kind).filter((kind) => kind !== 'plain')).toEqual(['key', 'string', 'number', 'number', 'number']);
  });
});
