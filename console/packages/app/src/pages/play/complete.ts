import { INTRINSICS, JSONATA_FUNCTIONS, type Known } from './functions';

/** Something that may stand at a place. */
export interface Offer {
  readonly label: string;
  readonly detail?: string;
  readonly kind: 'function' | 'property' | 'variable';
}

export interface Offers {
  /** Where what is already written of it begins. */
  readonly from: number;
  readonly offers: readonly Offer[];
}

const MEMBERS = ['input', 'context', 'result', 'errorOutput'];

/** What may be written at the end of a text, in either language, about an input. */
export function offersAt(before: string, input: unknown): Offers | undefined {
  const path = /(\$states|\$)((?:\.(?:`[^`]*`|[\w-]+)|\[-?\d+\])*)\.(`?[\w-]*)$/.exec(before);
  if (path !== null) {
    const [, root = '', steps = '', written = ''] = path;
    const offers = root === '$states' ? ofStates(steps, input) : keysOf(at(input, steps));
    return { from: before.length - written.length, offers };
  }
  const call = /\$(\w*)$/.exec(before);
  if (call !== null) {
    const states: Offer = { label: '$states', kind: 'variable' };
    return { from: call.index, offers: [states, ...JSONATA_FUNCTIONS.map((one) => functionOf(one, '$'))] };
  }
  const intrinsic = /\bS(?:t(?:a(?:t(?:e(?:s(?:\.\w*)?)?)?)?)?)?$/.exec(before);
  if (intrinsic !== null) return { from: intrinsic.index, offers: INTRINSICS.map((one) => functionOf(one, '')) };
  return undefined;
}

function functionOf([name, takes]: Known, sign: string): Offer {
  return { label: `${sign}${name}`, detail: `(${takes})`, kind: 'function' };
}

function ofStates(steps: string, input: unknown): readonly Offer[] {
  if (steps === '') return MEMBERS.map((label) => ({ label, kind: 'property' }));
  return steps.startsWith('.input') ? keysOf(at(input, steps.slice('.input'.length))) : [];
}

/** What a path leads to; of a list, its first item, as JSONata looks into lists. */
function at(value: unknown, steps: string): unknown {
  let found = value;
  for (const [, quoted, name, index] of steps.matchAll(/\.(?:`([^`]*)`|([\w-]+))|\[(-?\d+)\]/g)) {
    if (index !== undefined) {
      found = Array.isArray(found) ? found.at(Number(index)) : undefined;
      continue;
    }
    const object = Array.isArray(found) ? found[0] : found;
    found = isObject(object) ? object[quoted ?? name ?? ''] : undefined;
  }
  return found;
}

function keysOf(value: unknown): readonly Offer[] {
  const object = Array.isArray(value) ? value[0] : value;
  if (!isObject(object)) return [];
  return Object.keys(object).map((key) => ({ label: /^[A-Za-z_]\w*$/.test(key) ? key : `\`${key}\``, kind: 'property' }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
