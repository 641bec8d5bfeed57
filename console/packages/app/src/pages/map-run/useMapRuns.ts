import { admin } from '@passo/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { MapRunsSearch } from '../../searches';

const PAGE = 50;
const LIVE_MILLISECONDS = 3000;

/** Map runs of all executions, newest first, read again every few seconds while one looks at the newest. */
export function useMapRuns({ status, workflow }: MapRunsSearch) {
  return useInfiniteQuery({
    queryKey: ['map-runs', status, workflow],
    queryFn: ({ pageParam, signal }) => admin('map-runs', { query: { status, workflow, limit: PAGE, nextToken: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextToken,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : LIVE_MILLISECONDS),
    placeholderData: (before) => before,
  });
}
