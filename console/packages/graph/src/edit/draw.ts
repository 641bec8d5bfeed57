import type { Scope, State, StateType } from '../asl';
import { connect, insert } from './change';
import { copyOf, type DraftState, draftOf, type Edited, finished, freeName, isTerminal, lead, scopeHolding } from './draft';
import type { PaletteItem } from './palette';

/** Which way out of a state a line is: where it goes next (a rule, of a Choice), or a Catch. */
export type Port = 'next' | 'catch';

/** Whether a state has a way out of this kind. */
export function hasPort(type: StateType, port: Port): boolean {
  return port === 'next' ? !isTerminal(type) : type === 'Task' || type === 'Parallel' || type === 'Map';
}

/** Draws a line from a state to another of its set, or to the end where none is named. */
export function draw(definition: Scope, from: string, port: Port, to: string): Edited {
  const same = { scope: definition, selected: from };
  if (port === 'next' && to !== '') return from === to ? same : connect(definition, from, to);
  const draft = draftOf(definition);
  const scope = scopeHolding(draft, from);
  const state = scope?.States[from];
  if (scope === undefined || state === undefined || !hasPort(state.Type, port)) return same;
  if (port === 'catch') {
    if (!Object.hasOwn(scope.States, to) || from === to) return same;
    state.Catch = [...(state.Catch ?? []), { ErrorEquals: ['States.ALL'], Next: to }];
    return finished(draft, from);
  }
  if (state.Type === 'Choice') return same;
  lead(scope, state, '');
  return finished(draft, from);
}

/** Draws a line from a state to a new one, which leads on to where the first one led. */
export function drawNew(definition: Scope, from: string, port: Port, item: PaletteItem): Edited {
  const state = stateOf(definition, from);
  if (state === undefined || !hasPort(state.Type, port)) return { scope: definition, selected: from };
  if (port === 'next' && state.Type !== 'Choice') return insert(definition, item, { after: from });
  const draft = draftOf(definition);
  const before = new Set(Object.keys(scopeHolding(draft, from)?.States ?? {}));
  // Put in first behind the state, so that what comes inside of it has names of its own, then led to by another way.
  const put = insert(definition, item, { after: from });
  const made = put.selected;
  if (made === undefined || before.has(made)) return { scope: definition, selected: from };
  const after = draftOf(put.scope);
  const scope = scopeHolding(after, made);
  const own = scope?.States[from];
  const original = scopeHolding(draft, from)?.States[from];
  if (scope === undefined || own === undefined || original === undefined) return { scope: definition, selected: from };
  scope.States[from] = copyOf(original);
  return { scope: draw(finished(after, made).scope, from, port, made).scope, selected: made };
}

/** A state as text, to be put in elsewhere. */
export function copied(definition: Scope, name: string): string | undefined {
  const state = stateOf(definition, name);
  return state === undefined ? undefined : JSON.stringify({ [name]: state }, null, 2);
}

/** Puts a state in that was copied as text; `undefined` where the text is none. */
export function paste(definition: Scope, text: string, after: string | undefined): Edited | undefined {
  const found = pasted(text);
  if (found === undefined) return undefined;
  const [wanted, state] = found;
  const draft = draftOf(definition);
  const states = scopeHolding(draft, after ?? draft.StartAt)?.States ?? draft.States;
  const name = freeName(draft, wanted);
  const item: PaletteItem = { id: 'pasted', type: state.Type, name, group: 'flow', make: () => landed(state, states) };
  return insert(definition, item, after === undefined ? undefined : { after });
}

/** A copy without what led to states that are not here. */
function landed(state: State, states: Readonly<Record<string, unknown>>): DraftState {
  const copy = copyOf(state) as DraftState;
  delete copy.Next;
  delete copy.End;
  if (copy.Catch === undefined) return copy;
  copy.Catch = copy.Catch.filter((one) => Object.hasOwn(states, one.Next ?? ''));
  if (copy.Catch.length === 0) delete copy.Catch;
  return copy;
}

function pasted(text: string): readonly [string, State] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isState(value)) return [value.Type, value];
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const [first] = entries;
  return entries.length === 1 && first !== undefined && isState(first[1]) ? [first[0], first[1]] : undefined;
}

const TYPES: readonly string[] = ['Task', 'Choice', 'Parallel', 'Map', 'Pass', 'Wait', 'Succeed', 'Fail'];

function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && TYPES.includes((value as { Type?: string }).Type ?? '');
}

function stateOf(definition: Scope, name: string): State | undefined {
  return scopeHolding(draftOf(definition), name)?.States[name] as unknown as State | undefined;
}
