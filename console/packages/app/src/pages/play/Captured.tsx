import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { admin, follow } from '@passo/api';
import { attributesOf, type HistoryEvent } from '@passo/graph';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { nameOf } from '../../parts/arn';
import { useText } from '../../text';

/** A state that was entered, with what it got. */
interface Entry {
  readonly id: number;
  readonly name: string;
  readonly input: string;
}

/** Executions that are offered. */
const EXECUTIONS = 50;
/** Entries that are offered of one execution. */
const MOST_ENTRIES = 500;
/** How long a running execution is listened to before what is known is shown. */
const PATIENCE_MILLISECONDS = 1500;

/** Chooses the input of any state of any execution. */
export function Captured({ onChoose }: { readonly onChoose: (input: string) => void }) {
  const { text, format } = useText();
  const words = text.build.play;
  const [execution, choose] = useState<string>();
  const [entry, enter] = useState<string>();
  const executions = useQuery({
    queryKey: ['captured', 'executions'],
    queryFn: ({ signal }) => admin('executions', { query: { limit: EXECUTIONS }, signal }),
  });
  const entries = useQuery({
    queryKey: ['captured', execution],
    queryFn: () => entriesOf(execution ?? ''),
    enabled: execution !== undefined,
  });
  const runs = (executions.data?.executions ?? []).map((one) => ({
    value: one.executionArn,
    label: `${nameOf(one.stateMachineArn)} / ${one.name}`,
    description: `${one.status} · ${format.time(Date.parse(one.startDate))}`,
  }));
  const states = (entries.data ?? []).map((one) => ({ value: String(one.id), label: one.name, description: one.input.slice(0, 80) }));
  return (
    <div className="playcapture">
      <FormField label={words.execution}>
        <Select
          ariaLabel={words.execution}
          placeholder={words.chooseExecution}
          filteringType="auto"
          expandToViewport
          statusType={executions.isPending ? 'loading' : executions.isError ? 'error' : 'finished'}
          loadingText={text.common.loading}
          empty={words.noExecutions}
          options={runs}
          selectedOption={runs.find((one) => one.value === execution) ?? null}
          onChange={(event) => {
            choose(event.detail.selectedOption.value);
            enter(undefined);
          }}
        />
      </FormField>
      <FormField label={words.state}>
        <Select
          ariaLabel={words.state}
          placeholder={words.chooseState}
          filteringType="auto"
          expandToViewport
          disabled={execution === undefined}
          statusType={execution !== undefined && entries.isPending ? 'loading' : entries.isError ? 'error' : 'finished'}
          loadingText={text.common.loading}
          empty={words.noStates}
          options={states}
          selectedOption={states.find((one) => one.value === entry) ?? null}
          onChange={(event) => {
            const { value } = event.detail.selectedOption;
            enter(value);
            const found = entries.data?.find((one) => String(one.id) === value);
            if (found !== undefined) onChoose(found.input);
          }}
        />
      </FormField>
    </div>
  );
}

/** The states that an execution has entered, of either type, as far as is known now. */
function entriesOf(execution: string): Promise<readonly Entry[]> {
  return new Promise((resolve) => {
    const found: Entry[] = [];
    const finish = () => {
      clearTimeout(timer);
      stop();
      resolve(found);
    };
    const timer = setTimeout(finish, PATIENCE_MILLISECONDS);
    const stop = follow(execution, {
      onEvents: (events) => {
        for (const event of events as HistoryEvent[]) {
          const { name, input } = attributesOf(event);
          if (event.type.endsWith('StateEntered') && name !== undefined && input !== undefined) found.push({ id: event.id, name, input });
        }
        if (found.length >= MOST_ENTRIES) queueMicrotask(finish);
      },
      onStatus: () => undefined,
      onState: (state) => state === 'over' && queueMicrotask(finish),
    });
  });
}
