/** What happens to data inside of a state, step by step, as TestState tells it. */

export interface Stage {
  readonly name: string;
  /** JSON. */
  readonly value: string;
  /** The value of the stage before, where this one is made from it. */
  readonly before?: string;
}

/** In the order in which a state works. What a state does not do is not told, and stands nowhere. */
const ORDER = [
  'input',
  'afterInputPath',
  'afterParameters',
  'afterArguments',
  'afterItemsPath',
  'afterItemsPointer',
  'afterItemSelector',
  'afterItemBatcher',
  'maxConcurrency',
  'toleratedFailureCount',
  'toleratedFailurePercentage',
  'request',
  'response',
  'result',
  'afterResultSelector',
  'afterResultPath',
  'errorDetails',
  'variables',
  'output',
];

/** Stages that are not made from the one before: other facts. */
const ASIDE = new Set([
  'maxConcurrency',
  'toleratedFailureCount',
  'toleratedFailurePercentage',
  'request',
  'response',
  'errorDetails',
  'variables',
  'result',
]);

/** The stages of a test, in order; those that the list does not know come before the output. */
export function stagesOf(data: Readonly<Record<string, unknown>>, output: string | undefined): readonly Stage[] {
  const all: Readonly<Record<string, unknown>> = output === undefined ? data : { ...data, output };
  const rank = (name: string) => {
    const known = ORDER.indexOf(name);
    return known < 0 ? ORDER.length - 1.5 : known;
  };
  const names = Object.keys(all).sort((one, other) => rank(one) - rank(other));
  let before: string | undefined;
  return names.map((name): Stage => {
    const raw = all[name];
    const value = typeof raw === 'string' ? raw : JSON.stringify(raw);
    const stage = { name, value, ...(before !== undefined && !ASIDE.has(name) && { before }) };
    if (!ASIDE.has(name) || name === 'result') before = value;
    return stage;
  });
}
