import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { timeOf } from '../executions/filter';

/** Failures since some time, in groups. */
export function useFailures(since: string) {
  return useQuery({
    queryKey: ['failures', since],
    queryFn: ({ signal }) => admin('failures', { query: { since: timeOf(since, Date.now()) }, signal }),
    refetchInterval: 15_000,
  });
}
