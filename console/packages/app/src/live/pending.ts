import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';

/** The decisions that executions wait for. */
export function usePending() {
  return useQuery({ queryKey: ['pending'], queryFn: ({ signal }) => admin('tasks', { signal }), refetchInterval: 5000 });
}
