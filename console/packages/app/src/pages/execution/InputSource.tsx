import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { admin, aws, type StateMachineItem } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';
import { remembered } from './remembered';

/** Executions of the workflow whose inputs can be taken. */
const OFFERED = 5;

interface InputSourceProps {
  readonly machine: StateMachineItem;
  /** The input that the dialog began with. */
  readonly own: string;
  readonly onChoose: (input: string) => void;
}

/** Where the input of a new execution comes from: the last one that was given here, or one of the newest executions. */
export function InputSource({ machine, own, onChoose }: InputSourceProps) {
  const { text } = useText();
  const words = text.decide.start;
  const [chosen, choose] = useState('own');
  const newest = useQuery({
    queryKey: ['executions', 'newest', machine.name],
    queryFn: ({ signal }) => admin('executions', { query: { workflow: machine.name, limit: OFFERED }, signal }),
  });
  const last = remembered(machine.name);
  const options = [
    { value: 'own', label: words.own },
    ...(last === undefined ? [] : [{ value: 'last', label: words.last }]),
    ...(newest.data?.executions ?? []).map((one) => ({ value: one.executionArn, label: words.of(one.name) })),
  ];
  const take = async (value: string) => {
    choose(value);
    if (value === 'own') return onChoose(own);
    if (value === 'last') return onChoose(last ?? '{}');
    try {
      const { input } = await aws('DescribeExecution', { executionArn: value });
      onChoose(input ?? '{}');
    } catch (error) {
      notifyError(error);
    }
  };
  if (options.length < 2) return null;
  return (
    <FormField label={words.remembered}>
      <Select
        options={options}
        selectedOption={options.find((option) => option.value === chosen) ?? options[0] ?? null}
        onChange={(event) => void take(event.detail.selectedOption.value ?? 'own')}
      />
    </FormField>
  );
}
