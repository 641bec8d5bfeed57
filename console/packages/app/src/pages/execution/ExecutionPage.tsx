import { ApiError, aws } from '@passo/api';
import { readDefinition } from '@passo/graph';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { RunProvider, useRunStore, useRunVersion } from '../../live/run';
import { isExpress, nameOf, workflowOf } from '../../parts/arn';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { DefinitionView } from './DefinitionView';
import { EventsView } from './EventsView';
import { Facts } from './Facts';
import { FailureBanner } from './FailureBanner';
import { IoView } from './IoView';
import { LogsView } from './LogsView';
import { StatesView } from './StatesView';
import { useSelection } from './selection';
import { Views } from './Views';
import { WaitForExpress } from './WaitForExpress';
import { Workbench } from './Workbench';

/** One execution: what it is, where it stands, and everything that it did. */
export function ExecutionPage() {
  const { arn } = useParams({ from: '/executions/$arn' });
  const { text } = useText();
  const workflow = workflowOf(arn);
  usePage(
    [
      { text: text.executions.title, href: links.executions() },
      { text: workflow, href: links.executions({ workflow }) },
      { text: nameOf(arn), href: links.execution(arn) },
    ],
    true,
  );
  const [generation, setGeneration] = useState(0);
  const store = useRunStore(arn, generation);
  const version = useRunVersion(store, 4);
  const isOver = store.status !== undefined && store.status !== 'RUNNING';
  const execution = useQuery({
    queryKey: ['execution', arn, isOver, generation],
    queryFn: ({ signal }) => aws('DescribeExecution', { executionArn: arn }, signal),
    placeholderData: (before) => before,
  });
  const definition = useQuery({
    queryKey: ['definition-of', arn],
    queryFn: ({ signal }) => aws('DescribeStateMachineForExecution', { executionArn: arn }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const scope = useMemo(() => (definition.data === undefined ? undefined : readDefinition(definition.data.definition)), [definition.data]);
  const selection = useSelection();
  const { refetch } = execution;
  const { refetch: refetchDefinition } = definition;
  const again = useCallback(() => {
    void refetch();
    void refetchDefinition();
  }, [refetch, refetchDefinition]);
  if (execution.error !== null && execution.data === undefined) return <Missing arn={arn} error={execution.error} onRetry={again} />;
  const { view } = selection;
  return (
    <RunProvider value={store}>
      <div className="wb" data-version={version}>
        <Facts execution={execution.data} store={store} arn={arn} onAnew={() => setGeneration(generation + 1)} />
        {execution.data !== undefined && <FailureBanner execution={execution.data} run={store.run} onGo={selection.choose} />}
        <Views view={view} onChange={selection.setView} run={store.run} />
        {view === 'graph' && <Workbench scope={scope} definition={definition.data} store={store} selection={selection} />}
        {view === 'states' && <StatesView run={store.run} selection={selection} />}
        {view === 'events' && <EventsView store={store} selection={selection} />}
        {view === 'io' && execution.data !== undefined && <IoView execution={execution.data} />}
        {view === 'logs' && <LogsView arn={arn} store={store} selection={selection} />}
        {view === 'definition' && definition.data !== undefined && (
          <DefinitionView definition={definition.data.definition} workflow={workflow} />
        )}
      </div>
    </RunProvider>
  );
}

function Missing({ arn, error, onRetry }: { readonly arn: string; readonly error: Error; readonly onRetry: () => void }) {
  const { text } = useText();
  const isMissing = error instanceof ApiError && error.status === 400;
  if (isMissing && isExpress(arn)) return <WaitForExpress onAgain={onRetry} />;
  return (
    <div className="pad">
      {isMissing ? <Empty title={text.execution.notFound} hint={error.message} /> : <Problem error={error} onRetry={onRetry} />}
    </div>
  );
}
