import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { aws, type StateMachine } from '@passo/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { Copy } from '../../parts/Copy';
import { Empty } from '../../parts/Empty';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { notifyError } from '../../shell/notices';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { StartExecution } from '../execution/StartExecution';
import { Aliases } from './Aliases';
import { Definition } from './Definition';
import { Metrics } from './Metrics';
import { RecentExecutions } from './RecentExecutions';
import { Versions } from './Versions';

/** One workflow, found by its name in the account and region. */
export function WorkflowPage() {
  const { name } = useParams({ from: '/workflows/$name' });
  const { text } = useText();
  usePage([
    { text: text.workflows.title, href: links.workflows },
    { text: name, href: links.workflow(name) },
  ]);
  const machines = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal) });
  const arn = machines.data?.stateMachines.find((machine) => machine.name === name)?.stateMachineArn;
  const machine = useQuery({
    queryKey: ['machine', arn],
    queryFn: ({ signal }) => aws('DescribeStateMachine', { stateMachineArn: arn ?? '' }, signal),
    enabled: arn !== undefined,
  });
  if (machines.data !== undefined && arn === undefined) return <Empty title={text.workflow.notFound} hint={name} />;
  if (machine.data === undefined) return <p className="pause">{text.common.loading}</p>;
  return <Workflow machine={machine.data} />;
}

function Workflow({ machine }: { readonly machine: StateMachine }) {
  const { text } = useText();
  const follow = useFollow();
  const router = useRouter();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { tab = 'executions' } = useSearch({ from: '/workflows/$name' });
  const [asked, ask] = useState<'start' | 'remove'>();
  const { name, stateMachineArn: arn } = machine;
  const remove = async () => {
    try {
      await aws('DeleteStateMachine', { stateMachineArn: arn });
      await queries.invalidateQueries({ queryKey: ['machines'] });
      router.history.push(links.workflows);
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={
            <span className="arn">
              {machine.type} · <code>{arn}</code> <Copy text={arn} label={text.common.copyArn} />
            </span>
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => ask('remove')}>{text.workflow.remove}</Button>
              <Button href={links.edit(name)} onFollow={follow}>
                {text.workflows.edit}
              </Button>
              <Button variant="primary" iconName="caret-right-filled" onClick={() => ask('start')}>
                {text.start.start}
              </Button>
            </SpaceBetween>
          }
        >
          {name}
        </Header>
      }
    >
      <Tabs
        activeTabId={tab}
        onChange={(event) => void navigate({ to: '.', search: { tab: event.detail.activeTabId } as never })}
        tabs={[
          { id: 'executions', label: text.workflow.tabs.executions, content: <RecentExecutions name={name} /> },
          { id: 'definition', label: text.workflow.tabs.definition, content: <Definition definition={machine.definition} /> },
          { id: 'metrics', label: text.workflow.tabs.metrics, content: <Metrics machine={machine} /> },
          { id: 'versions', label: text.workflow.tabs.versions, content: <Versions machine={machine} /> },
          { id: 'aliases', label: text.workflow.tabs.aliases, content: <Aliases arn={arn} /> },
        ]}
      />
      {asked === 'start' && <StartExecution workflow={name} onClose={() => ask(undefined)} />}
      {asked === 'remove' && (
        <Confirm
          title={text.workflow.removeTitle(name)}
          hint={text.workflow.removeHint}
          action={text.workflow.remove}
          command={`passo machine delete ${name}`}
          onClose={() => ask(undefined)}
          onConfirm={remove}
        />
      )}
    </ContentLayout>
  );
}
