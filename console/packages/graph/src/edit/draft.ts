import { type CatchRule, type ChoiceRule, innerScopes, type Scope, type State, type StateType } from '../asl';

export type QueryLanguage = 'JSONata' | 'JSONPath';

/** A state that may be written to. */
export interface DraftState {
  Type: StateType;
  Next?: string;
  End?: boolean;
  Default?: string;
  Choices?: { -readonly [K in keyof ChoiceRule]: ChoiceRule[K] }[];
  Catch?: { -readonly [K in keyof CatchRule]: CatchRule[K] }[];
  [field: string]: unknown;
}

/** A set of states that may be written to. */
export interface DraftScope {
  StartAt: string;
  States: Record<string, DraftState>;
  [field: string]: unknown;
}

/** A definition after a change, and the state to look at next. */
export interface Edited {
  readonly scope: Scope;
  readonly selected?: string | undefined;
}

/** A copy of JSON, to be written to. */
export function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function draftOf(scope: Scope): DraftScope {
  return copyOf(scope) as unknown as DraftScope;
}

export function finished(draft: DraftScope, selected?: string): Edited {
  return { scope: draft as unknown as Scope, selected };
}

/** The set of states that holds a state of this name, of all those inside a definition. */
export function scopeHolding(draft: DraftScope, name: string): DraftScope | undefined {
  for (const scope of everyScope(draft)) if (Object.hasOwn(scope.States, name)) return scope;
  return undefined;
}

/** A set of states and all those inside of it, outer ones first. */
export function* everyScope(draft: DraftScope): Generator<DraftScope> {
  yield draft;
  for (const state of Object.values(draft.States)) {
    for (const inner of innerScopes(state as unknown as State)) yield* everyScope(inner as unknown as DraftScope);
  }
}

/** A name that no state has yet: `Pass`, `Pass 2`, … */
export function freeName(draft: DraftScope, wanted: string): string {
  const taken = new Set<string>();
  for (const scope of everyScope(draft)) for (const name of Object.keys(scope.States)) taken.add(name);
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted} ${number}`)) number += 1;
  return `${wanted} ${number}`;
}

/** The language of a state's expressions: its own, or the whole definition's. */
export function languageOf(scope: Scope, state?: State): QueryLanguage {
  return (state?.QueryLanguage ?? scope.QueryLanguage) === 'JSONata' ? 'JSONata' : 'JSONPath';
}

/** A state that can stand by itself: in the language that its fields are of. */
export function standalone(state: State): State {
  if (state.QueryLanguage !== undefined) return state;
  const isJsonata = ['Arguments', 'Output', 'Items'].some((field) => state[field] !== undefined) || JSON.stringify(state).includes('"{%');
  return isJsonata ? { ...state, QueryLanguage: 'JSONata' } : state;
}

/** Whether an execution ends in states of this type. */
export function isTerminal(type: StateType): boolean {
  return type === 'Succeed' || type === 'Fail';
}

/** Leads a state to another one, or to the end where the name is empty. */
export function lead(scope: DraftScope, state: DraftState, to: string): void {
  if (isTerminal(state.Type)) return;
  if (state.Type === 'Choice') {
    state.Default = to;
    for (const rule of state.Choices ?? []) if (rule.Next === undefined || rule.Next === '') rule.Next = to;
    return;
  }
  if (to === '' || !Object.hasOwn(scope.States, to)) {
    delete state.Next;
    state.End = true;
  } else {
    delete state.End;
    state.Next = to;
  }
}

/** Where a state goes when nothing special happens; empty for the end. */
export function onward(state: DraftState): string {
  return (state.Type === 'Choice' ? (state.Default ?? state.Choices?.[0]?.Next) : state.Next) ?? '';
}

/** Changes every mention of a state in its own set of states. */
export function redirect(scope: DraftScope, from: string, to: string): void {
  const changed = (name: string | undefined) => name === from;
  if (changed(scope.StartAt) && to !== '') scope.StartAt = to;
  for (const state of Object.values(scope.States)) {
    if (changed(state.Next)) lead(scope, state, to);
    if (changed(state.Default)) {
      if (to === '') delete state.Default;
      else state.Default = to;
    }
    for (const field of ['Choices', 'Catch'] as const) {
      const rules = state[field];
      if (rules === undefined) continue;
      for (const rule of rules) if (changed(rule.Next)) rule.Next = to;
      const kept = rules.filter((rule) => rule.Next !== '');
      if (kept.length === rules.length) continue;
      if (field === 'Catch' && kept.length === 0) delete state.Catch;
      else state[field] = kept as never;
    }
  }
}
