import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { aws } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { JsonField, jsonError } from '../../parts/JsonField';
import { pretty } from '../../parts/json';
import { links } from '../../shell/links';
import { notify, notifyError } from '../../shell/notices';
import { useText } from '../../text';
import { InputSource } from './InputSource';
import { remember } from './remembered';

interface StartExecutionProps {
  readonly workflow?: string;
  readonly input?: string;
  readonly onClose: () => void;
}

/** Starts an execution, and goes to it. */
export function StartExecution({ workflow, input = '{}', onClose }: StartExecutionProps) {
  const { text } = useText();
  const router = useRouter();
  const machines = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal) });
  const [chosen, choose] = useState(workflow);
  const [name, setName] = useState('');
  const [given, give] = useState(() => pretty(input));
  const options = (machines.data?.stateMachines ?? []).map((machine) => ({
    value: machine.name,
    label: machine.name,
    tags: [machine.type],
  }));
  const machine = machines.data?.stateMachines.find((one) => one.name === chosen);
  const start = async () => {
    if (machine === undefined) return;
    const parameters = { stateMachineArn: machine.stateMachineArn, input: given, ...(name !== '' && { name }) };
    try {
      const { executionArn } = await aws('StartExecution', parameters);
      remember(machine.name, given);
      if (machine.type === 'EXPRESS') notify('info', text.execution.expressNote);
      router.history.push(machine.type === 'EXPRESS' ? links.executions({ workflow: machine.name }) : links.execution(executionArn));
    } catch (error) {
      notifyError(error);
    }
  };
  const compact = jsonError(given) === undefined ? JSON.stringify(JSON.parse(given)) : given;
  return (
    <Confirm
      title={text.start.title}
      hint={workflow === undefined ? '' : text.execution.againHint}
      action={text.start.start}
      command={`passo start ${quoted(chosen ?? 'WORKFLOW')} --input ${quoted(compact)}${name === '' ? '' : ` --name ${quoted(name)}`}`}
      isDisabled={machine === undefined || jsonError(given) !== undefined}
      onClose={onClose}
      onConfirm={start}
    >
      <FormField label={text.start.workflow}>
        <Select
          options={options}
          selectedOption={options.find((option) => option.value === chosen) ?? null}
          placeholder={text.start.choose}
          filteringType="auto"
          onChange={(event) => choose(event.detail.selectedOption.value)}
        />
      </FormField>
      <FormField label={text.start.name} description={text.start.nameHint}>
        <Input value={name} onChange={(event) => setName(event.detail.value)} />
      </FormField>
      {machine !== undefined && <InputSource machine={machine} own={pretty(input)} onChoose={(chosen) => give(pretty(chosen))} />}
      <JsonField label={text.start.input} hint={text.start.inputHint} value={given} onChange={give} />
    </Confirm>
  );
}
