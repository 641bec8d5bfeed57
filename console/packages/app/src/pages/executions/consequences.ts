import type { FoundExecution } from '@passo/api';

/** What a change of many executions touches. */
export interface Consequences {
  /** How many of each workflow, the most first. */
  readonly workflows: readonly (readonly [name: string, count: number])[];
  /** When the one that began first began. */
  readonly oldest: number | undefined;
}

/** Counts what executions belong to. */
export function consequences(executions: readonly FoundExecution[]): Consequences {
  const counts = new Map<string, number>();
  for (const { stateMachineArn } of executions) {
    const name = stateMachineArn.split(':')[6] ?? stateMachineArn;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const starts = executions.map((execution) => Date.parse(execution.startDate));
  return {
    workflows: [...counts].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0])),
    oldest: starts.length === 0 ? undefined : Math.min(...starts),
  };
}

/** Does something for each, a few at the same time; how many succeeded and were refused, and one reason. */
export async function each<T>(items: readonly T[], act: (item: T) => Promise<unknown>, atOnce = 8) {
  let [done, refused] = [0, 0];
  let reason: string | undefined;
  for (let at = 0; at < items.length; at += atOnce) {
    for (const outcome of await Promise.allSettled(items.slice(at, at + atOnce).map(act))) {
      if (outcome.status === 'fulfilled') done += 1;
      else {
        refused += 1;
        reason ??= outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason);
      }
    }
  }
  return { done, refused, reason };
}
