import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { timeOf } from '../../executions/filter';

export const PERIODS = ['1h', '24h', '7d', '30d'] as const;
export type Period = (typeof PERIODS)[number];

const AGAIN_MILLISECONDS = 10_000;

/** How a workflow did in a time. */
export function useFigures(workflow: string, period: Period) {
  return useQuery({
    queryKey: ['figures', workflow, period],
    queryFn: ({ signal }) => admin('figures', { query: { workflow, since: timeOf(period, Date.now()) }, signal }),
    refetchInterval: AGAIN_MILLISECONDS,
    placeholderData: (before) => before,
  });
}
