import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { aws } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { nameOf } from '../../parts/arn';
import { Elapsed, Moment } from '../../parts/Elapsed';
import { Problem } from '../../parts/Problem';
import { ExecutionStatusText } from '../../parts/Status';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { Fact } from '../execution/Facts';
import { ChangeMapRun } from './ChangeMapRun';
import { Children } from './Children';
import { CountBar } from './CountBar';

/** One Map run: how far it is, and its child executions. */
export function MapRunPage() {
  const { arn } = useParams({ from: '/map-runs/$arn' });
  const { text, format } = useText();
  const follow = useFollow();
  usePage([
    { text: text.executions.title, href: links.executions() },
    { text: text.mapRuns.title, href: links.mapRun(arn) },
  ]);
  const mapRun = useQuery({
    queryKey: ['map-run', arn],
    queryFn: ({ signal }) => aws('DescribeMapRun', { mapRunArn: arn }, signal),
    refetchInterval: (query) => (query.state.data?.status === 'RUNNING' ? 1000 : false),
  });
  const [isChanging, setChanging] = useState(false);
  if (mapRun.error !== null) return <Problem error={mapRun.error} onRetry={() => void mapRun.refetch()} />;
  const run = mapRun.data;
  if (run === undefined) return <p className="pause">{text.common.loading}</p>;
  const failed = run.itemCounts.failed + run.itemCounts.timedOut;
  const share = run.itemCounts.total === 0 ? 0 : failed / run.itemCounts.total;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          actions={
            <Button disabled={run.status !== 'RUNNING'} disabledReason={text.execution.notRunning} onClick={() => setChanging(true)}>
              {text.mapRuns.change}
            </Button>
          }
        >
          {text.mapRuns.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <dl className="facts">
          <Fact name={text.common.status}>
            <ExecutionStatusText status={run.status} />
          </Fact>
          <Fact name={text.common.execution}>
            <Link href={links.execution(run.executionArn)} onFollow={follow}>
              {nameOf(run.executionArn)}
            </Link>
          </Fact>
          <Fact name={text.common.started}>
            <Moment at={run.startDate * 1000} />
          </Fact>
          <Fact name={text.common.duration}>
            <Elapsed from={run.startDate * 1000} to={run.stopDate === undefined ? undefined : run.stopDate * 1000} />
          </Fact>
          <Fact name={text.mapRuns.concurrency}>
            {run.maxConcurrency === 0 ? text.mapRuns.unlimited : format.number(run.maxConcurrency)}
          </Fact>
          <Fact name={text.mapRuns.tolerated}>
            {format.percent(share)} <small>≤ {format.percent(run.toleratedFailurePercentage / 100)}</small>
          </Fact>
        </dl>
        <CountBar title={text.mapRuns.items} counts={run.itemCounts} />
        <Children mapRunArn={arn} isRunning={run.status === 'RUNNING'} />
      </SpaceBetween>
      {isChanging && <ChangeMapRun run={run} onClose={() => setChanging(false)} />}
    </ContentLayout>
  );
}
