import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { aws, type MapRun } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';

/** Changes how many items may be processed at once, and how many may fail. */
export function ChangeMapRun({ run, onClose }: { readonly run: MapRun; readonly onClose: () => void }) {
  const { text } = useText();
  const queries = useQueryClient();
  const [concurrency, setConcurrency] = useState(String(run.maxConcurrency));
  const [tolerated, setTolerated] = useState(String(run.toleratedFailurePercentage));
  const change = async () => {
    try {
      await aws('UpdateMapRun', {
        mapRunArn: run.mapRunArn,
        maxConcurrency: Number(concurrency),
        toleratedFailurePercentage: Number(tolerated),
      });
      await queries.invalidateQueries({ queryKey: ['map-run', run.mapRunArn] });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Confirm
      title={text.mapRuns.changeTitle}
      hint=""
      action={text.mapRuns.change}
      command={`passo map-run set ${run.mapRunArn} --max-concurrency ${concurrency} --tolerated-failure-percentage ${tolerated}`}
      onClose={onClose}
      onConfirm={change}
    >
      <FormField label={text.mapRuns.concurrency}>
        <Input type="number" value={concurrency} onChange={(event) => setConcurrency(event.detail.value)} />
      </FormField>
      <FormField label={`${text.mapRuns.tolerated} (%)`}>
        <Input type="number" value={tolerated} onChange={(event) => setTolerated(event.detail.value)} />
      </FormField>
    </Confirm>
  );
}
