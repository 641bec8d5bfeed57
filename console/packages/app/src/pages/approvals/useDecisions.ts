import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';

/** Decisions that were made, the newest first: all, or those of an execution or on a task. */
export function useDecisions(of: { readonly execution?: string; readonly task?: string }) {
  return useQuery({
    queryKey: ['decisions', of],
    queryFn: ({ signal }) => admin('decisions', { query: { ...of, limit: 200 }, signal }),
    refetchInterval: 10_000,
  });
}
