import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { aws, type FoundExecution } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { notify } from '../../shell/notices';
import { useText } from '../../text';
import { each } from './consequences';
import { Touched } from './Touched';

const REDRIVABLE: ReadonlySet<string> = new Set(['FAILED', 'TIMED_OUT', 'ABORTED']);

interface BulkActionsProps {
  readonly selected: readonly FoundExecution[];
  readonly onDone: () => void;
}

/** Stops or redrives the executions that were chosen, once one has seen how many they are. */
export function BulkActions({ selected, onDone }: BulkActionsProps) {
  const { text } = useText();
  const queries = useQueryClient();
  const [asked, ask] = useState<'stop' | 'redrive'>();
  const running = selected.filter((execution) => execution.status === 'RUNNING');
  const failed = selected.filter((execution) => REDRIVABLE.has(execution.status));
  const perform = async (action: 'StopExecution' | 'RedriveExecution', executions: readonly FoundExecution[]) => {
    const { done, refused, reason } = await each(executions, ({ executionArn }) => aws(action, { executionArn }));
    const results = text.executions.results(done, refused);
    notify(refused === 0 ? 'success' : 'warning', reason === undefined ? results : `${results}: ${reason}`);
    await queries.invalidateQueries({ queryKey: ['executions'] });
    onDone();
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={running.length === 0} disabledReason={text.executions.notRunning} onClick={() => ask('stop')}>
        {text.executions.stopSelected(running.length)}
      </Button>
      <Button disabled={failed.length === 0} disabledReason={text.executions.notFailed} onClick={() => ask('redrive')}>
        {text.executions.redriveSelected(failed.length)}
      </Button>
      {asked === 'stop' && (
        <Confirm
          title={text.executions.stopMany(running.length)}
          hint={text.executions.stopManyHint}
          action={text.execution.stop}
          command={command('stop', running)}
          onClose={() => ask(undefined)}
          onConfirm={() => perform('StopExecution', running)}
        >
          <Touched executions={running} isRunning />
        </Confirm>
      )}
      {asked === 'redrive' && (
        <Confirm
          title={text.executions.redriveMany(failed.length)}
          hint={text.executions.redriveManyHint}
          action={text.execution.redrive}
          command={command('redrive', failed)}
          onClose={() => ask(undefined)}
          onConfirm={() => perform('RedriveExecution', failed)}
        >
          <Touched executions={failed} isRunning={false} />
        </Confirm>
      )}
    </SpaceBetween>
  );
}

function command(verb: string, executions: readonly FoundExecution[]): string {
  return `passo ${verb} ${executions.map((execution) => execution.executionArn).join(' ')}`;
}
