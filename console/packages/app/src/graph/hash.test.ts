import { expect, it } from 'vitest';
import { hashOf } from './hash';

it('tells texts apart', () => {
  const texts = new Set<string>();
  for (let index = 0; index < 5000; index += 1) texts.add(`{"a":${index},"b":"${index % 7}"}`);
  expect(new Set([...texts].map(hashOf)).size).toBe(texts.size);
  expect(hashOf('流 x')).toBe(hashOf('流 x'));
  expect(hashOf('')).toMatch(/^0-/);
});
