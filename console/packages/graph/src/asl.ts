/** The Amazon States Language as far as a picture needs it. Whatever else a state holds is kept as it stands. */

export type StateType = 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

export interface ChoiceRule {
  readonly Next?: string;
  readonly Condition?: unknown;
  readonly Variable?: string;
  readonly [field: string]: unknown;
}

export interface CatchRule {
  readonly ErrorEquals?: readonly string[];
  readonly Next?: string;
}

export interface State {
  readonly Type: StateType;
  readonly Comment?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly ChoiceRule[];
  readonly Branches?: readonly Scope[];
  readonly ItemProcessor?: Scope;
  readonly Iterator?: Scope;
  readonly Catch?: readonly CatchRule[];
  readonly Retry?: readonly unknown[];
  readonly Resource?: string;
  readonly QueryLanguage?: string;
  readonly [field: string]: unknown;
}

/** A set of states that refer to each other by name: the top level, a branch, an item processor. */
export interface Scope {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly Comment?: string;
  readonly QueryLanguage?: string;
  readonly [field: string]: unknown;
}

const TYPES: ReadonlySet<string> = new Set(['Task', 'Choice', 'Wait', 'Pass', 'Succeed', 'Fail', 'Parallel', 'Map']);

/** The scopes inside a state, in order. */
export function innerScopes(state: State): readonly Scope[] {
  switch (state.Type) {
    case 'Parallel':
      return (state.Branches ?? []).filter(isScope);
    case 'Map': {
      const processor = state.ItemProcessor ?? state.Iterator;
      return processor !== undefined && isScope(processor) ? [processor] : [];
    }
    default:
      return [];
  }
}

/** Every state of a scope and of those inside, outer ones first. */
export function* everyState(scope: Scope): Generator<readonly [name: string, state: State]> {
  for (const [name, state] of Object.entries(scope.States)) {
    yield [name, state];
    for (const inner of innerScopes(state)) yield* everyState(inner);
  }
}

/** Reads a definition; `undefined` where it is no picture's worth: not JSON, or without states. */
export function readDefinition(text: string): Scope | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isScope(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value can be drawn: it has states, and each has a type. Anything else in it may still be wrong. */
export function isScope(value: unknown): value is Scope {
  if (!isObject(value) || typeof value.StartAt !== 'string' || !isObject(value.States)) return false;
  return Object.values(value.States).every((state) => isObject(state) && TYPES.has(String(state.Type)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A `Resource` in the words that one speaks of it: `lambda:invoke`, `sqs:sendMessage`, `activity:review`. */
export function shortResource(resource: string): string {
  const service = /^arn:[^:]*:states:::(.*)$/.exec(resource)?.[1];
  if (service !== undefined) return service.replace(/\.(sync(:2)?|waitForTaskToken)$/, '');
  const named = /^arn:[^:]*:(lambda|states):[^:]*:[^:]*:(function|activity):(.+)$/.exec(resource);
  if (named === null) return resource;
  return named[2] === 'function' ? `λ ${named[3]}` : `activity:${named[3]}`;
}

/** How a task completes. */
export function integrationPattern(resource: string): 'request' | 'sync' | 'token' | 'activity' {
  if (resource.endsWith('.waitForTaskToken')) return 'token';
  if (/\.sync(:2)?$/.test(resource)) return 'sync';
  return /:states:[^:]*:[^:]*:activity:/.test(resource) ? 'activity' : 'request';
}
