import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { aws, type WorkflowMetrics } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Command } from '../../parts/Copy';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { readWorkflows } from '../../searches';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { Sparkline } from './Sparkline';
import { useMetrics } from './useMetrics';

/** The state machines of the account and region, and how they do. */
export function WorkflowsPage() {
  const { text, format } = useText();
  const follow = useFollow();
  usePage([{ text: text.workflows.title, href: links.workflows }]);
  const { q = '' } = useSearch({ from: '/workflows' });
  const navigate = useNavigate();
  const machines = useQuery({
    queryKey: ['machines'],
    queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal),
    refetchInterval: 10_000,
  });
  const metrics = useMetrics();
  const known = new Map(metrics.data?.workflows.map((one) => [one.stateMachineArn, one]));
  const items = (machines.data?.stateMachines ?? []).filter((machine) => machine.name.toLowerCase().includes(q.toLowerCase()));
  const duration = (of: WorkflowMetrics | undefined, share: 'p50' | 'p95') =>
    of?.[share] === undefined ? '—' : format.duration(of[share]);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={text.workflows.hint}
          actions={
            <Button variant="primary" href={links.create} onFollow={follow}>
              {text.workflows.create}
            </Button>
          }
        >
          {text.workflows.title}
        </Header>
      }
    >
      {machines.error !== null && <Problem error={machines.error} onRetry={() => void machines.refetch()} />}
      <Table
        items={items}
        trackBy="stateMachineArn"
        loading={machines.isPending}
        loadingText={text.common.loading}
        contentDensity="compact"
        filter={
          <Input
            type="search"
            value={q}
            placeholder={text.workflows.find}
            ariaLabel={text.workflows.find}
            onChange={(event) => void navigate({ to: '/workflows', search: readWorkflows({ q: event.detail.value }), replace: true })}
          />
        }
        empty={
          <Empty title={text.workflows.empty} hint={text.workflows.emptyHint}>
            <Command line="passo deploy template.yaml" />
          </Empty>
        }
        columnDefinitions={[
          {
            id: 'name',
            header: text.common.name,
            isRowHeader: true,
            cell: (machine) => (
              <Link href={links.workflow(machine.stateMachineArn)} onFollow={follow}>
                {machine.name}
              </Link>
            ),
          },
          { id: 'type', header: text.common.type, cell: (machine) => machine.type },
          {
            id: 'runs',
            header: text.workflows.runs,
            cell: (machine) => {
              const one = known.get(machine.stateMachineArn);
              return one === undefined ? '—' : <Sparkline buckets={one.buckets} />;
            },
          },
          {
            id: 'success',
            header: text.workflows.success,
            cell: (machine) => {
              const one = known.get(machine.stateMachineArn);
              const ended = (one?.succeeded ?? 0) + (one?.failed ?? 0);
              return one === undefined || ended === 0 ? '—' : format.percent(one.succeeded / ended);
            },
          },
          { id: 'p50', header: text.workflows.p50, cell: (machine) => duration(known.get(machine.stateMachineArn), 'p50') },
          { id: 'p95', header: text.workflows.p95, cell: (machine) => duration(known.get(machine.stateMachineArn), 'p95') },
          {
            id: 'last',
            header: text.workflows.lastRun,
            cell: (machine) => {
              const last = known.get(machine.stateMachineArn)?.last;
              return last === undefined ? '—' : <Moment at={Date.parse(last)} />;
            },
          },
        ]}
      />
    </ContentLayout>
  );
}
