import { admin } from '@passo/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ExecutionFilter, timeOf } from './filter';

const PAGE = 50;
const LIVE_MILLISECONDS = 3000;

/** The executions that fit a filter, newest first, read again every few seconds while one looks at the newest. */
export function useExecutions(filter: ExecutionFilter, limit = PAGE) {
  return useInfiniteQuery({
    queryKey: ['executions', filter, limit],
    queryFn: ({ pageParam, signal }) => {
      const now = Date.now();
      const query = {
        status: filter.status?.split(','),
        workflow: filter.workflow?.split(','),
        name: filter.name,
        error: filter.error,
        input: filter.input,
        output: filter.output,
        since: timeOf(filter.since, now),
        until: timeOf(filter.until, now),
        limit,
        nextToken: pageParam,
      };
      return admin('executions', { query, signal });
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextToken,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : LIVE_MILLISECONDS),
    placeholderData: (before) => before,
  });
}
