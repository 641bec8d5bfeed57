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
import { Copy } from '../../parts/Copy';
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
import { RedriveMapRun } from './RedriveMapRun';
import { Tolerated } from './Tolerated';

/** One Map run: how far it is, and its child executions. */
export function MapRunPage() {
  const { arn } = useParams({ from: '/map-runs/$arn' });
  const { text, format } = useText();
  const follow = useFollow();
  usePage([
    { text: text.see.mapRuns.title, href: links.mapRuns() },
    { text: labelOf(arn), href: links.mapRun(arn) },
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
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={
            <span className="arn">
              <code>{arn}</code> <Copy text={arn} label={text.common.copyArn} />
            </span>
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <RedriveMapRun run={run} />
              <Button disabled={run.status !== 'RUNNING'} disabledReason={text.execution.notRunning} onClick={() => setChanging(true)}>
                {text.mapRuns.change}
              </Button>
            </SpaceBetween>
          }
        >
          {text.mapRuns.title} {labelOf(arn)}
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
            <Tolerated counts={run.itemCounts} count={run.toleratedFailureCount} percentage={run.toleratedFailurePercentage} />
          </Fact>
          {(run.redriveCount ?? 0) > 0 && <Fact name={text.see.mapRuns.redrive}>{text.see.mapRuns.redriven(run.redriveCount ?? 0)}</Fact>}
        </dl>
        <CountBar title={text.mapRuns.items} counts={run.itemCounts} />
        <Children run={run} />
      </SpaceBetween>
      {isChanging && <ChangeMapRun run={run} onClose={() => setChanging(false)} />}
    </ContentLayout>
  );
}

/** The label of a Map run's state, which is in its ARN. */
function labelOf(arn: string): string {
  return (arn.split(':')[6] ?? '').split('/')[1] ?? nameOf(arn);
}
