import type { StateRun, Visit, VisitStatus } from './types';

/** What matters more is shown, where the visits of one state differ. */
const WEIGHT: Record<VisitStatus, number> = { succeeded: 0, aborted: 1, caught: 2, failed: 3, waiting: 4, running: 5 };

/** All visits of one state as one. */
export function summarize(visits: readonly Visit[]): StateRun {
  const latest = visits.reduce((best, visit) => (WEIGHT[visit.status] >= WEIGHT[best.status] ? visit : best));
  const isOpen = latest.exitedAt === undefined;
  const next = new Set<string>();
  for (const visit of visits) if (visit.next !== undefined) next.add(visit.next);
  return {
    status: latest.status,
    visits: visits.length,
    retries: visits.reduce((sum, visit) => sum + Math.max(0, visit.attempts.length - 1), 0),
    ...(latest.exitedAt !== undefined && { milliseconds: latest.exitedAt - latest.enteredAt }),
    ...(isOpen && { since: latest.enteredAt }),
    latest: latest.index,
    ...(latest.map !== undefined && { map: { ...latest.map } }),
    next,
    ...(latest.error !== undefined && { error: latest.error }),
  };
}

/** Ends what is still open when its execution has ended. Those that it has ended. */
export function settle(visits: readonly Visit[], at: number): Visit[] {
  const open = visits.filter((visit) => visit.exitedAt === undefined);
  for (const visit of open) {
    const last = visit.attempts.at(-1);
    if (visit.status !== 'failed') visit.status = last?.status === 'failed' ? 'failed' : 'aborted';
    visit.exitedAt = at;
  }
  return open;
}
