import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';

/** Counts of the last day of all workflows. */
export function useMetrics() {
  return useQuery({ queryKey: ['metrics'], queryFn: ({ signal }) => admin('metrics', { signal }), refetchInterval: 10_000 });
}
