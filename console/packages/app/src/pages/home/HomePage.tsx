import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { aws } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { usePending } from '../../live/pending';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { ExecutionTable } from '../executions/ExecutionTable';
import { useExecutions } from '../executions/useExecutions';
import { useMetrics } from '../workflows/useMetrics';
import { FailureList } from './FailureList';
import { FirstSteps } from './FirstSteps';
import { Running } from './Running';
import { Tile } from './Tile';
import { Waiting } from './Waiting';

/** What runs, what failed, and what waits for somebody. */
export function HomePage() {
  const { text, format } = useText();
  usePage([{ text: text.home.title, href: links.home }]);
  const latest = useExecutions({ status: 'SUCCEEDED,FAILED,TIMED_OUT,ABORTED' }, 10);
  const running = useExecutions({ status: 'RUNNING' }, 100);
  const pending = usePending();
  const metrics = useMetrics();
  const machines = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal) });
  const isFirst = machines.data?.stateMachines.length === 0;
  const runningCount = running.data?.pages[0]?.executions.length ?? 0;
  const runningText = `${format.number(runningCount)}${running.hasNextPage && runningCount === 100 ? '+' : ''}`;
  const sum = (of: 'succeeded' | 'failed') => (metrics.data?.workflows ?? []).reduce((total, workflow) => total + workflow[of], 0);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={text.home.hint}>
          {text.home.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {isFirst && <FirstSteps />}
        <div className="tiles">
          <Tile look="running" name={text.home.running} value={runningText} href={links.executions({ status: 'RUNNING' })} />
          <Tile
            look="succeeded"
            name={text.home.succeededToday}
            value={format.number(sum('succeeded'))}
            href={links.executions({ status: 'SUCCEEDED', since: '24h' })}
          />
          <Tile
            look="failed"
            name={text.home.failedToday}
            value={format.number(sum('failed'))}
            href={links.executions({ status: 'FAILED,TIMED_OUT,ABORTED', since: '24h' })}
          />
          <Tile look="caught" name={text.home.waiting} value={format.number(pending.data?.tasks.length ?? 0)} href={links.approvals()} />
        </div>
        {!isFirst && (
          <div className="home-lists">
            <FailureList />
            <Waiting />
            <Running executions={running.data?.pages[0]?.executions ?? []} count={runningText} isLoading={running.isPending} />
          </div>
        )}
        {!isFirst && (
          <ExecutionTable
            executions={latest.data?.pages[0]?.executions ?? []}
            isLoading={latest.isPending}
            header={<Header variant="h2">{text.see.home.latest}</Header>}
          />
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
