import { expect, test } from 'vitest';
import { fromFragment, toFragment } from './share';

test('what is shared comes back', () => {
  for (const shared of [
    { expression: '{% $states.input.a %}', input: '{"a": "ação 🎉"}' },
    { expression: '', input: '{}', language: 'JSONPath' as const },
  ]) {
    const fragment = toFragment(shared);
    expect(fragment).toMatch(/^[\w-]+$/);
    expect(fromFragment(fragment ?? '')).toEqual(shared);
  }
});

test('what is too long, or not ours, is nothing', () => {
  expect(toFragment({ expression: 'x'.repeat(20_000), input: '{}' })).toBeUndefined();
  for (const fragment of ['', '!!', 'e30', 'WzFd', 'x'.repeat(20_000)]) expect(fromFragment(fragment)).toBeUndefined();
});
