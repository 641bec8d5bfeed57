import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Spinner from '@cloudscape-design/components/spinner';
import { aws, type MapRun } from '@passo/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { Problem } from '../../parts/Problem';
import { useText } from '../../text';
import { Grid } from './Grid';

const PAGE = 1000;
const LIVE_MILLISECONDS = 2000;
const FILTERS = [
  ['RUNNING', 'running'],
  ['SUCCEEDED', 'succeeded'],
  ['FAILED', 'failed'],
  ['TIMED_OUT', 'timedOut'],
  ['ABORTED', 'aborted'],
] as const;

/** Child executions as a grid of squares; more are read as one comes to the end. */
export function Children({ run }: { readonly run: MapRun }) {
  const { text, format } = useText();
  const { status } = useSearch({ from: '/map-runs/$arn' });
  const navigate = useNavigate();
  const { mapRunArn, executionCounts } = run;
  const found = useInfiniteQuery({
    queryKey: ['children', mapRunArn, status, run.status, run.redriveCount],
    queryFn: ({ pageParam, signal }) =>
      aws(
        'ListExecutions',
        {
          mapRunArn,
          maxResults: PAGE,
          ...(pageParam !== '' && { nextToken: pageParam }),
          ...(status !== undefined && { statusFilter: status }),
        },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextToken,
    refetchInterval: (query) => (run.status === 'RUNNING' && (query.state.data?.pages.length ?? 0) < 2 ? LIVE_MILLISECONDS : false),
  });
  const children = useMemo(() => (found.data?.pages ?? []).flatMap((page) => page.executions), [found.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const filter = FILTERS.find(([one]) => one === status);
  const total = filter === undefined ? executionCounts.total - executionCounts.pending : executionCounts[filter[1]];
  const shown = FILTERS.filter(([one, name]) => executionCounts[name] > 0 || one === status);
  return (
    <section className="stack" aria-label={text.mapRuns.children}>
      <Header
        variant="h2"
        counter={`(${text.see.mapRuns.loaded(format.number(children.length), format.number(Math.max(total, children.length)))})`}
        description={text.mapRuns.grid}
        actions={
          <SegmentedControl
            label={text.see.mapRuns.show}
            selectedId={status ?? ''}
            options={[
              { id: '', text: text.see.mapRuns.all },
              ...shown.map(([id, name]) => ({ id, text: `${text.status[id]} (${format.number(executionCounts[name])})` })),
            ]}
            onChange={(event) => {
              const search = event.detail.selectedId === '' ? {} : { status: event.detail.selectedId };
              void navigate({ to: '.', search: search as never, replace: true });
            }}
          />
        }
      >
        {text.mapRuns.children}
      </Header>
      {found.error !== null && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {children.length === 0 && !found.isPending && <p className="quiet">{text.mapRuns.none}</p>}
      {children.length > 0 && <Grid items={children} onEnd={more} />}
      {(found.isPending || isFetchingNextPage) && <Spinner />}
    </section>
  );
}
