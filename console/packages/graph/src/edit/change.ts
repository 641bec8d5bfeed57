import type { Scope, State } from '../asl';
import type { Way } from '../ways';
import {
  copyOf,
  type DraftScope,
  type DraftState,
  draftOf,
  type Edited,
  everyScope,
  finished,
  freeName,
  isTerminal,
  languageOf,
  lead,
  onward,
  redirect,
  scopeHolding,
} from './draft';
import type { PaletteItem } from './palette';

/** Where something is put: after a state, into a line, or at the end where nothing is said. */
export type Place = { readonly after: string } | { readonly into: Line } | undefined;

type Line = Pick<Way, 'from' | 'to' | 'kind' | 'rule'>;

/** Puts a new state into a definition, so that what was valid stays valid. */
export function insert(definition: Scope, item: PaletteItem, place: Place): Edited {
  const draft = draftOf(definition);
  const state = item.make(languageOf(definition));
  const name = freeName(draft, item.name);
  for (const inner of everyInner(state)) renameStates(draft, inner, name);
  put(draft, name, state, place);
  return finished(draft, name);
}

/** Puts a state elsewhere, with all that is inside of it. */
export function move(definition: Scope, name: string, place: Place): Edited {
  const draft = draftOf(definition);
  const from = scopeHolding(draft, name);
  const state = from?.States[name];
  if (from === undefined || state === undefined || isAround(state, place) || isOwn(name, place))
    return { scope: definition, selected: name };
  if (Object.keys(from.States).length === 1 && from !== draft) keepFilled(draft, from);
  const to = onward(state);
  redirect(from, name, to === name ? '' : to);
  delete from.States[name];
  if (Object.keys(from.States).length === 0 || from.StartAt === name) return { scope: definition, selected: name };
  delete state.Next;
  delete state.End;
  put(draft, name, state, place);
  return finished(draft, name);
}

/** Takes a state out: what led to it leads on to what came after it. */
export function remove(definition: Scope, name: string): Edited {
  const draft = draftOf(definition);
  const scope = scopeHolding(draft, name);
  const state = scope?.States[name];
  if (scope === undefined || state === undefined) return { scope: definition };
  if (Object.keys(scope.States).length === 1) keepFilled(draft, scope);
  const to = onward(state);
  const next = to === name || !Object.hasOwn(scope.States, to) ? '' : to;
  const before = Object.entries(scope.States).find(([, other]) => onward(other) === name)?.[0];
  redirect(scope, name, next);
  delete scope.States[name];
  if (scope.StartAt === name) scope.StartAt = Object.keys(scope.States)[0] ?? name;
  for (const [other, one] of Object.entries(scope.States)) {
    // A Choice without any rule is not a Choice: it goes on where it went.
    if (one.Type === 'Choice' && (one.Choices ?? []).length === 0) {
      const kept: DraftState = { Type: 'Pass' };
      scope.States[other] = kept;
      lead(scope, kept, one.Default ?? '');
    }
  }
  return finished(draft, before ?? (next === '' ? scope.StartAt : next));
}

/** Gives a state another name, wherever it is mentioned. */
export function rename(definition: Scope, from: string, to: string): Edited {
  const draft = draftOf(definition);
  const scope = scopeHolding(draft, from);
  if (scope === undefined || to === '' || scopeHolding(draft, to) !== undefined) return { scope: definition, selected: from };
  const entries = Object.entries(scope.States).map(([name, state]) => [name === from ? to : name, state] as const);
  scope.States = Object.fromEntries(entries);
  redirect(scope, from, to);
  return finished(draft, to);
}

/** Copies a state, behind itself. */
export function duplicate(definition: Scope, name: string): Edited {
  const draft = draftOf(definition);
  const original = scopeHolding(draft, name)?.States[name];
  if (original === undefined) return { scope: definition };
  const copy = copyOf(original);
  const copyName = freeName(draft, name);
  for (const inner of everyInner(copy)) renameStates(draft, inner, copyName);
  if (isTerminal(copy.Type)) {
    const scope = scopeHolding(draft, name);
    if (scope !== undefined) scope.States[copyName] = copy;
  } else {
    put(draft, copyName, copy, { after: name });
  }
  return finished(draft, copyName);
}

/** Leads one state to another of the same set: a Choice gets a new rule, any other goes there next. */
export function connect(definition: Scope, from: string, to: string): Edited {
  const draft = draftOf(definition);
  const scope = scopeHolding(draft, from);
  const state = scope?.States[from];
  if (scope === undefined || state === undefined || !Object.hasOwn(scope.States, to) || isTerminal(state.Type))
    return { scope: definition, selected: from };
  if (state.Type === 'Choice') state.Choices = [...(state.Choices ?? []), ruleOf(definition, to)];
  else lead(scope, state, to);
  return finished(draft, from);
}

/** Moves a state one step towards the start (`-1`) or the end (`1`) of its chain. */
export function shift(definition: Scope, name: string, by: -1 | 1): Edited {
  const scope = scopeHolding(draftOf(definition), name);
  const state = scope?.States[name];
  if (scope === undefined || state === undefined) return { scope: definition, selected: name };
  if (by === 1) {
    const next = onward(state);
    const after = scope.States[next];
    return after === undefined || isTerminal(after.Type) ? { scope: definition, selected: name } : move(definition, name, { after: next });
  }
  const before = Object.entries(scope.States).find(([, other]) => other.Type !== 'Choice' && other.Next === name)?.[0];
  if (before === undefined) return { scope: definition, selected: name };
  const around = Object.entries(scope.States).find(([, other]) => onward(other) === before);
  if (around !== undefined) return move(definition, name, { after: around[0] });
  return scope.StartAt === before
    ? move(definition, name, { into: { from: '', to: before, kind: 'next' } })
    : { scope: definition, selected: name };
}

/** Puts another content into a state. */
export function replace(definition: Scope, name: string, state: State): Edited {
  const draft = draftOf(definition);
  const scope = scopeHolding(draft, name);
  if (scope === undefined) return { scope: definition };
  scope.States[name] = copyOf(state) as DraftState;
  return finished(draft, name);
}

/** One more branch of a Parallel state. */
export function addBranch(definition: Scope, name: string): Edited {
  const draft = draftOf(definition);
  const state = scopeHolding(draft, name)?.States[name];
  if (state?.Type !== 'Parallel') return { scope: definition, selected: name };
  const branches = Array.isArray(state.Branches) ? (state.Branches as DraftScope[]) : [];
  const inner = freeName(draft, `Branch ${branches.length + 1}`);
  state.Branches = [...branches, { StartAt: inner, States: { [inner]: { Type: 'Pass', End: true } } }];
  return finished(draft, name);
}

/** One more rule of a Choice, to a new state that goes on where the Choice goes by default. */
export function addRule(definition: Scope, name: string): Edited {
  const draft = draftOf(definition);
  const scope = scopeHolding(draft, name);
  const state = scope?.States[name];
  if (scope === undefined || state?.Type !== 'Choice') return { scope: definition, selected: name };
  const target = freeName(draft, 'Pass');
  const made: DraftState = { Type: 'Pass' };
  scope.States[target] = made;
  lead(scope, made, state.Default ?? '');
  state.Choices = [...(state.Choices ?? []), ruleOf(definition, target)];
  return finished(draft, name);
}

/** One more Catch of a state, to a Fail state of its set: one that is there, or a new one. */
export function addCatch(definition: Scope, name: string): Edited {
  const draft = draftOf(definition);
  const scope = scopeHolding(draft, name);
  const state = scope?.States[name];
  if (scope === undefined || state === undefined) return { scope: definition, selected: name };
  let target = Object.entries(scope.States).find(([, other]) => other.Type === 'Fail')?.[0];
  if (target === undefined) {
    target = freeName(draft, 'Fail');
    scope.States[target] = { Type: 'Fail', Error: 'MyError', Cause: 'What went wrong' };
  }
  state.Catch = [...(state.Catch ?? []), { ErrorEquals: ['States.ALL'], Next: target }];
  return finished(draft, name);
}

function ruleOf(definition: Scope, Next: string): { Next: string; [field: string]: unknown } {
  return languageOf(definition) === 'JSONata'
    ? { Condition: '{% $exists($states.input.value) %}', Next }
    : { Variable: '$.value', IsPresent: true, Next };
}

function put(draft: DraftScope, name: string, state: DraftState, place: Place): void {
  if (place !== undefined && 'into' in place) {
    putInto(draft, name, state, place.into);
    return;
  }
  putAfter(draft, name, state, place?.after ?? lastOf(draft));
}

function putAfter(draft: DraftScope, name: string, state: DraftState, after: string): void {
  const scope = scopeHolding(draft, after) ?? draft;
  const before = scope.States[after];
  if (before === undefined) {
    scope.States[name] = state;
    settle(draft, scope, state, '');
    return;
  }
  if (isTerminal(before.Type)) {
    redirect(scope, after, name);
    addState(scope, name, state);
    settle(draft, scope, state, after);
    return;
  }
  const to = onward(before);
  addState(scope, name, state);
  settle(draft, scope, state, before.Type === 'Choice' && before.Default === undefined ? '' : to);
  if (before.Type === 'Choice') before.Default = name;
  else lead(scope, before, name);
}

function putInto(draft: DraftScope, name: string, state: DraftState, edge: Line): void {
  const scope = scopeHolding(draft, edge.from === '' ? edge.to : edge.from) ?? draft;
  const from = edge.from === '' ? undefined : scope.States[edge.from];
  if (from !== undefined && isTerminal(from.Type)) {
    putAfter(draft, name, state, edge.from);
    return;
  }
  addState(scope, name, state);
  settle(draft, scope, state, edge.to);
  if (from === undefined) scope.StartAt = name;
  else if (edge.kind === 'default') from.Default = name;
  else if (edge.kind === 'next') lead(scope, from, name);
  else {
    const rule = (edge.kind === 'choice' ? from.Choices : from.Catch)?.[edge.rule ?? 0];
    if (rule !== undefined) rule.Next = name;
  }
}

function addState(scope: DraftScope, name: string, state: DraftState): void {
  scope.States[name] = state;
}

/** Leads a state that was put somewhere on; a Choice at the end needs states to go to. */
function settle(draft: DraftScope, scope: DraftScope, state: DraftState, to: string): void {
  if (state.Type !== 'Choice') {
    lead(scope, state, to);
    return;
  }
  const target = to === '' ? freeName(draft, 'Succeed') : to;
  if (to === '') scope.States[target] = { Type: 'Succeed' };
  for (const rule of state.Choices ?? []) if (!Object.hasOwn(scope.States, rule.Next ?? '')) rule.Next = target;
  state.Default = target;
}

/** The state at the end of the chain from the start. */
function lastOf(scope: DraftScope): string {
  const seen = new Set<string>();
  let name = scope.StartAt;
  for (;;) {
    seen.add(name);
    const state = scope.States[name];
    const next = state === undefined ? '' : onward(state);
    if (next === '' || seen.has(next) || !Object.hasOwn(scope.States, next)) return name;
    name = next;
  }
}

function keepFilled(draft: DraftScope, scope: DraftScope): void {
  const name = freeName(draft, 'Pass');
  scope.States[name] = { Type: 'Pass', End: true };
  scope.StartAt = name;
}

function* everyInner(state: DraftState): Generator<DraftScope> {
  const one: DraftScope = { StartAt: '', States: { '': state } };
  for (const scope of everyScope(one)) if (scope !== one) yield scope;
}

/** Gives states that come with a new one names that are still free. */
function renameStates(draft: DraftScope, scope: DraftScope, owner: string): void {
  for (const name of Object.keys(scope.States)) {
    const free = name === owner ? freeName(draft, `${name} 2`) : freeName(draft, name);
    if (free === name) continue;
    const entries = Object.entries(scope.States).map(([key, state]) => [key === name ? free : key, state] as const);
    scope.States = Object.fromEntries(entries);
    redirect(scope, name, free);
  }
}

/** Whether a place is inside of the state itself. */
function isAround(state: DraftState, place: Place): boolean {
  if (place === undefined) return false;
  const names = 'after' in place ? [place.after] : [place.into.from, place.into.to];
  for (const scope of everyInner(state)) if (names.some((name) => name !== '' && Object.hasOwn(scope.States, name))) return true;
  return false;
}

/** Whether a state is there already. */
function isOwn(name: string, place: Place): boolean {
  if (place === undefined) return false;
  return 'after' in place ? place.after === name : place.into.from === name || place.into.to === name;
}
