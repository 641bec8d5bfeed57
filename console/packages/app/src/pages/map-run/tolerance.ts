import type { Counts } from '@passo/api';

/** Items that failed: timed out ones too, as Step Functions counts them. */
export function failedOf(counts: Counts): number {
  return counts.failed + counts.timedOut;
}

/** Whether no more items failed than a Map run tolerates: either limit, where it is given, must hold. */
export function isTolerated(counts: Counts, count: number, percentage: number): boolean {
  const failed = failedOf(counts);
  if (failed === 0) return true;
  if (count === 0 && percentage === 0) return false;
  const withinCount = count === 0 || failed <= count;
  const withinShare = percentage === 0 || failed * 100 <= percentage * counts.total;
  return withinCount && withinShare;
}
