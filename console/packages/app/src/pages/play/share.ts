/** What the playground shows, as it stands behind the `#` of its address: servers never see it. */
export interface Shared {
  readonly expression: string;
  readonly input: string;
  readonly language?: 'JSONata' | 'JSONPath' | undefined;
}

/** The longest fragment that mail and chat programs leave alone. */
export const MOST_CHARACTERS = 16_000;

/** The fragment; `undefined` where it would be too long. */
export function toFragment({ expression, input, language }: Shared): string | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify([expression, input, language ?? '']));
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  const fragment = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return fragment.length > MOST_CHARACTERS ? undefined : fragment;
}

/** What a fragment holds; `undefined` where it is none of ours. */
export function fromFragment(fragment: string): Shared | undefined {
  if (fragment === '' || fragment.length > MOST_CHARACTERS) return undefined;
  try {
    const text = atob(fragment.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const shared: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (!Array.isArray(shared) || typeof shared[0] !== 'string' || typeof shared[1] !== 'string') return undefined;
    const [expression, input, language] = shared as [string, string, unknown];
    return { expression, input, ...((language === 'JSONata' || language === 'JSONPath') && { language }) };
  } catch {
    return undefined;
  }
}
