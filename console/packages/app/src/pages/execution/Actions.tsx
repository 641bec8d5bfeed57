import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { aws, type Execution, type ExecutionStatus } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { drawingOfExecution, pngOf } from '../../graph/export';
import type { RunStore } from '../../live/RunStore';
import { isExpress, nameOf, workflowOf } from '../../parts/arn';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { download } from '../../parts/download';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';
import { StartExecution } from './StartExecution';

interface ActionsProps {
  readonly arn: string;
  readonly execution: Execution | undefined;
  readonly status: ExecutionStatus | undefined;
  readonly store: RunStore;
  readonly onAnew: () => void;
}

/** What can be done with an execution. Each asks first, and shows what it is in a terminal. */
export function Actions({ arn, execution, status, store, onAnew }: ActionsProps) {
  const { text } = useText();
  const queries = useQueryClient();
  const [asked, ask] = useState<'stop' | 'redrive' | 'again'>();
  const isRunning = status === 'RUNNING';
  const isRedrivable = execution?.redriveStatus === 'REDRIVABLE' && !isRunning;
  const perform = async (action: 'StopExecution' | 'RedriveExecution') => {
    try {
      await aws(action, { executionArn: arn });
      await queries.invalidateQueries({ queryKey: ['execution', arn] });
      if (action === 'RedriveExecution') onAnew();
    } catch (error) {
      notifyError(error);
    }
  };
  const save = async (what: string) => {
    if (what === 'history') {
      download(`${nameOf(arn)}.history.json`, JSON.stringify({ events: store.fold.events }, null, 2), 'application/json');
      return;
    }
    if (what === 'cli') {
      await navigator.clipboard.writeText(`passo graph export ${quoted(arn)} --status -o ${quoted(`${nameOf(arn)}.svg`)}`);
      return;
    }
    try {
      const svg = await drawingOfExecution(arn);
      if (what === 'svg') download(`${nameOf(arn)}.svg`, svg, 'image/svg+xml');
      else download(`${nameOf(arn)}.png`, await pngOf(svg), 'image/png');
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <div className="wba">
      <SpaceBetween direction="horizontal" size="xs">
        <ButtonDropdown
          items={[
            { id: 'svg', text: text.execution.exportSvg },
            { id: 'png', text: text.graph.exportPng },
            { id: 'history', text: text.execution.exportHistory },
            { id: 'cli', text: text.common.copyCli },
          ]}
          onItemClick={(event) => void save(event.detail.id)}
        >
          {text.execution.export}
        </ButtonDropdown>
        <Button onClick={() => ask('again')} disabled={execution === undefined}>
          {text.execution.again}
        </Button>
        {!isExpress(arn) && !isRunning && execution?.mapRunArn === undefined && status !== 'SUCCEEDED' && (
          <Button
            variant="primary"
            disabled={!isRedrivable}
            disabledReason={text.execution.notRedrivable(execution?.redriveStatusReason ?? '')}
            onClick={() => ask('redrive')}
          >
            {text.execution.redrive}
          </Button>
        )}
        {isRunning && (
          <Button variant="primary" onClick={() => ask('stop')}>
            {text.execution.stop}
          </Button>
        )}
      </SpaceBetween>
      {asked === 'stop' && (
        <Confirm
          title={text.execution.stopTitle}
          hint={text.execution.stopHint}
          action={text.execution.stop}
          command={`passo stop ${arn}`}
          onClose={() => ask(undefined)}
          onConfirm={() => perform('StopExecution')}
        />
      )}
      {asked === 'redrive' && (
        <Confirm
          title={text.execution.redriveTitle}
          hint={text.execution.redriveHint}
          action={text.execution.redrive}
          command={`passo redrive ${arn}`}
          onClose={() => ask(undefined)}
          onConfirm={() => perform('RedriveExecution')}
        />
      )}
      {asked === 'again' && <StartExecution workflow={workflowOf(arn)} input={execution?.input ?? '{}'} onClose={() => ask(undefined)} />}
    </div>
  );
}
