import type { Run, Visit } from './types';

/** A variable as a state found it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** The state that assigned it. */
  readonly state: string;
}

/** Threads longer than this are not followed to their beginning. */
const STEPS_MAX = 100_000;

/** The variables that a visit could read when it began, by name: what the states before it, and around it, have assigned. */
export function variablesBefore(run: Run, visit: Visit): Variable[] {
  const found = new Map<string, Variable>();
  let at: Visit | undefined = visit;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const before: Visit | undefined = at?.previous === undefined ? undefined : run.visits[at.previous];
    if (before === undefined) break;
    // What is around assigns when it ends, which is after its inner states.
    const isAround = before.index === at?.parent;
    for (const [name, value] of isAround ? [] : Object.entries(before.assigned ?? {})) {
      if (!found.has(name)) found.set(name, { name, value, state: before.state });
    }
    at = before;
  }
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name));
}
