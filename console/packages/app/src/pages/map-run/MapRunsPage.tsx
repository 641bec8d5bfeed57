import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Elapsed, Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { ExecutionStatusText } from '../../parts/Status';
import { readMapRuns } from '../../searches';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { ItemBar } from './ItemBar';
import { Tolerated } from './Tolerated';
import { useMapRuns } from './useMapRuns';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED'] as const;

/** Map runs of all executions. */
export function MapRunsPage() {
  const { text } = useText();
  const follow = useFollow();
  const words = text.see.mapRuns;
  usePage([{ text: words.title, href: links.mapRuns() }]);
  const search = useSearch({ from: '/map-runs' });
  const navigate = useNavigate();
  const found = useMapRuns(search);
  const mapRuns = (found.data?.pages ?? []).flatMap((page) => page.mapRuns);
  const lookedAt = (found.data?.pages ?? []).reduce((sum, page) => sum + page.lookedAt, 0);
  const isFiltered = Object.keys(search).length > 0;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={words.hint}
          actions={
            <SegmentedControl
              label={text.common.status}
              selectedId={search.status ?? ''}
              options={[{ id: '', text: words.all }, ...STATUSES.map((id) => ({ id, text: text.status[id] }))]}
              onChange={(event) => void navigate({ to: '/map-runs', search: readMapRuns({ ...search, status: event.detail.selectedId }) })}
            />
          }
        >
          {words.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {found.error !== null && <Problem error={found.error} onRetry={() => void found.refetch()} />}
        <Table
          items={mapRuns}
          trackBy="mapRunArn"
          loading={found.isPending}
          loadingText={text.common.loading}
          contentDensity="compact"
          wrapLines={false}
          empty={
            isFiltered ? (
              <Empty title={words.noMatch}>
                <Button onClick={() => void navigate({ to: '/map-runs', search: {} })}>{text.executions.clear}</Button>
              </Empty>
            ) : (
              <Empty title={words.empty} hint={words.emptyHint} />
            )
          }
          footer={
            found.hasNextPage && (
              <SpaceBetween direction="horizontal" size="s" alignItems="center">
                <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                  {words.more}
                </Button>
                <span className="quiet">{text.executions.lookedAt(lookedAt)}</span>
              </SpaceBetween>
            )
          }
          columnDefinitions={[
            {
              id: 'state',
              header: words.state,
              isRowHeader: true,
              maxWidth: 240,
              cell: (run) => (
                <Link href={links.mapRun(run.mapRunArn)} onFollow={follow}>
                  {run.label}
                </Link>
              ),
            },
            { id: 'status', header: text.common.status, cell: (run) => <ExecutionStatusText status={run.status} /> },
            { id: 'items', header: words.items, minWidth: 190, cell: (run) => <ItemBar counts={run.itemCounts} /> },
            {
              id: 'tolerated',
              header: words.failed,
              cell: (run) => (
                <Tolerated counts={run.itemCounts} count={run.toleratedFailureCount} percentage={run.toleratedFailurePercentage} />
              ),
            },
            {
              id: 'execution',
              header: text.common.execution,
              maxWidth: 260,
              cell: (run) => (
                <Link href={links.execution(run.executionArn)} onFollow={follow}>
                  {run.executionName}
                </Link>
              ),
            },
            {
              id: 'workflow',
              header: text.common.workflow,
              cell: (run) => (
                <Link href={links.workflow(run.workflow)} onFollow={follow}>
                  {run.workflow}
                </Link>
              ),
            },
            { id: 'started', header: text.common.started, cell: (run) => <Moment at={Date.parse(run.startDate)} /> },
            {
              id: 'took',
              header: text.common.duration,
              cell: (run) => (
                <Elapsed from={Date.parse(run.startDate)} to={run.stopDate === undefined ? undefined : Date.parse(run.stopDate)} />
              ),
            },
          ]}
        />
      </SpaceBetween>
    </ContentLayout>
  );
}
