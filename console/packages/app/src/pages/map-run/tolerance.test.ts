import { describe, expect, it } from 'vitest';
import { failedOf, isTolerated } from './tolerance';

const counts = (failed: number, timedOut = 0, total = 100) => ({
  pending: 0,
  running: 0,
  succeeded: total - failed - timedOut,
  failed,
  timedOut,
  aborted: 0,
  total,
  resultsWritten: 0,
});

describe('tolerated failures', () => {
  it('count what timed out', () => {
    expect(failedOf(counts(3, 2))).toBe(5);
  });

  it.each([
    [0, 0, 0, true],
    [1, 0, 0, false],
    [5, 5, 0, true],
    [6, 5, 0, false],
    [10, 0, 10, true],
    [11, 0, 10, false],
    [5, 4, 10, false],
  ])('%i failed of 100, %i or %i %% tolerated', (failed, count, percentage, expected) => {
    expect(isTolerated(counts(failed), count, percentage)).toBe(expected);
  });
});
