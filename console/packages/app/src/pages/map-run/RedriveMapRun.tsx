import Button from '@cloudscape-design/components/button';
import { aws, type MapRun } from '@passo/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';

/** Redrives the execution of a Map run, which redrives the Map run. */
export function RedriveMapRun({ run }: { readonly run: MapRun }) {
  const { text } = useText();
  const queries = useQueryClient();
  const [isAsked, ask] = useState(false);
  const { executionArn } = run;
  const execution = useQuery({
    queryKey: ['execution', executionArn, run.status],
    queryFn: ({ signal }) => aws('DescribeExecution', { executionArn }, signal),
  });
  const { failed, timedOut, aborted } = run.executionCounts;
  const unwell = failed + timedOut + aborted;
  const { redriveStatus, redriveStatusReason = '' } = execution.data ?? {};
  const isPossible = redriveStatus === 'REDRIVABLE' && run.status !== 'SUCCEEDED';
  const reason = run.status === 'SUCCEEDED' ? text.see.mapRuns.nothing : text.execution.notRedrivable(redriveStatusReason);
  const redrive = async () => {
    try {
      await aws('RedriveExecution', { executionArn });
      await queries.invalidateQueries();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <>
      <Button
        disabled={!isPossible}
        disabledReason={run.status === 'RUNNING' ? text.see.mapRuns.running : reason}
        onClick={() => ask(true)}
      >
        {text.see.mapRuns.redrive}
      </Button>
      {isAsked && (
        <Confirm
          title={text.see.mapRuns.redriveTitle}
          hint={text.see.mapRuns.redriveHint(unwell)}
          action={text.see.mapRuns.redrive}
          command={`passo redrive ${executionArn}`}
          onClose={() => ask(false)}
          onConfirm={redrive}
        />
      )}
    </>
  );
}
