import { everyState, innerScopes, type Scope, type State } from '../asl';

export type Difference = 'added' | 'removed' | 'changed';

/** What became of each state between two definitions; a state that is the same is not named. What is inside of one is not its own. */
export function compare(before: Scope, after: Scope): ReadonlyMap<string, Difference> {
  const [old, now] = [new Map(everyState(before)), new Map(everyState(after))];
  const found = new Map<string, Difference>();
  for (const [name, state] of now) {
    const was = old.get(name);
    if (was === undefined) found.set(name, 'added');
    else if (own(was) !== own(state)) found.set(name, 'changed');
  }
  for (const name of old.keys()) if (!now.has(name)) found.set(name, 'removed');
  return found;
}

/** A state's own fields as text, in one order. */
function own(state: State): string {
  const isOuter = innerScopes(state).length > 0;
  const inner = new Set(isOuter ? ['Branches', 'ItemProcessor', 'Iterator'] : []);
  const fields = Object.entries(state).filter(([name]) => !inner.has(name));
  const around = isOuter ? innerScopes(state).map((scope) => [scope.StartAt, Object.keys(scope.States).sort()]) : [];
  return JSON.stringify([sorted(Object.fromEntries(fields)), around]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
