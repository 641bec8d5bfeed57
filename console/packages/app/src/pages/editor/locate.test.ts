import { jsonLanguage } from '@codemirror/lang-json';
import { describe, expect, it } from 'vitest';
import { locate, pathAt, stateAround, stateAt } from './locate';

const text = JSON.stringify(
  {
    StartAt: 'A/B',
    States: {
      A: { Type: 'Pass', Next: 'nowhere' },
      'A/B': { Type: 'Task', Resource: 'x', Retry: [{ ErrorEquals: [] }, { ErrorEquals: ['a', 'b'] }], End: true },
      Both: { Type: 'Parallel', Branches: [{ StartAt: 'In', States: { In: { Type: 'Pass', Next: 'Out' } } }] },
    },
  },
  null,
  2,
);

/** The text at a location, and its state. */
function check(location: string): readonly [string | undefined, string | undefined] {
  const found = locate(text, location);
  return [found && text.slice(found.from, found.to), found?.state];
}

describe('a diagnostic is found', () => {
  it.each([
    ['/States/A/Next', '"nowhere"', 'A'],
    ['/States/A/B', '"A/B"', 'A/B'],
    ['/States/A/B/Resource', '"x"', 'A/B'],
    ['/States/A/B/Retry[0]/ErrorEquals', '"ErrorEquals"', 'A/B'],
    ['/States/A/B/Retry[1]/ErrorEquals[1]', '"b"', 'A/B'],
    ['/States/Both/Branches[0]/States/In/Next', '"Out"', 'In'],
    ['/StartAt', '"A/B"', undefined],
    ['/', '{', undefined],
    ['/States/Nothing', undefined, undefined],
    ['[Source: (String)"…"; line: 2, column: 3]', '"', undefined],
  ])('%s', (location, expected, state) => {
    expect(check(location)).toEqual([expected, state]);
  });

  it('in texts that are not JSON', () => {
    for (const broken of ['', '{', '[1,', '{"States": {"A": ', 'null']) {
      expect(() => locate(broken, '/States/A/Next')).not.toThrow();
      expect(() => locate(broken, '; line: 9, column: 9]')).not.toThrow();
    }
  });
});

describe('places', () => {
  const tree = jsonLanguage.parser.parse(text);
  it('know the state around them, and the way to them', () => {
    expect(stateAround(text, tree, text.indexOf('"Out"') + 1)).toBe('In');
    expect(stateAround(text, tree, 3)).toBeUndefined();
    expect(pathAt(text, tree, text.indexOf('"Out"') + 1)).toEqual(['States', 'Both', 'Branches', '[]', 'States', 'In', 'Next']);
    expect(stateAt(text, 'In')?.from).toBe(text.indexOf('"In": {'));
    expect(stateAt(text, 'StartAt')).toBeUndefined();
  });
});
