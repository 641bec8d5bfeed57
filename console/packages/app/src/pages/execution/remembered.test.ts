import { describe, expect, it } from 'vitest';
import { remember, remembered } from './remembered';

function storage(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) } as Storage;
}

describe('inputs', () => {
  it('are remembered by workflow, the newest twenty', () => {
    const own = storage();
    for (let index = 0; index < 25; index += 1) remember(`w${index}`, `{"n":${index}}`, own);
    remember('w10', '{"n":"again"}', own);
    expect([remembered('w24', own), remembered('w10', own), remembered('w4', own), remembered('none', own)]).toEqual([
      '{"n":24}',
      '{"n":"again"}',
      undefined,
      undefined,
    ]);
    remember('large', 'x'.repeat(30_000), own);
    expect(remembered('large', own)).toBeUndefined();
  });
  it('are nothing where nothing can be read', () => {
    const broken = { getItem: () => 'not JSON' } as unknown as Storage;
    expect(remembered('w', broken)).toBeUndefined();
  });
});
