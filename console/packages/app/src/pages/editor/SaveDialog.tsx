import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { aws, type StateMachine, type WorkflowType } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { nameOf } from '../../parts/arn';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { notify, notifyError } from '../../shell/notices';
import { useText } from '../../text';

interface SaveDialogProps {
  readonly machine: StateMachine | undefined;
  readonly definition: string;
  readonly type: WorkflowType;
  readonly onType: (type: WorkflowType) => void;
  readonly isDisabled: boolean;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const ROLE = 'arn:aws:iam::000000000000:role/passo';

/** Saves the definition: as a new workflow, or as the next one of a workflow that is there. */
export function SaveDialog(props: SaveDialogProps) {
  return props.machine === undefined ? <Create {...props} /> : <Update {...props} machine={props.machine} />;
}

function Create({ definition, type, onType, isDisabled, onSaved, onClose }: SaveDialogProps) {
  const { text } = useText();
  const router = useRouter();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const first = useRef<InputProps.Ref>(null);
  useEffect(() => {
    // The dialog takes the focus when it appears: the name is what one writes first.
    const timer = setTimeout(() => first.current?.focus(), 60);
    return () => clearTimeout(timer);
  }, []);
  const [roleArn, setRole] = useState(ROLE);
  const create = async () => {
    try {
      await aws('CreateStateMachine', { name, definition, roleArn, type });
      onSaved();
      await queries.invalidateQueries({ queryKey: ['machines'] });
      notify('success', text.editor.saved(name));
      await router.navigate({ to: '/workflows/$name/edit', params: { name }, ignoreBlocker: true });
    } catch (error) {
      notifyError(error);
    }
  };
  const line = `aws stepfunctions create-state-machine --name ${quoted(name || 'NAME')} --type ${type} --role-arn ${quoted(roleArn)} --definition file://workflow.asl.json`;
  return (
    <Confirm
      title={text.editor.createTitle}
      hint={text.editor.createHint}
      action={text.editor.create}
      command={line}
      isDisabled={isDisabled || name === ''}
      onClose={onClose}
      onConfirm={create}
    >
      <FormField label={text.editor.name} stretch>
        <Input ref={first} value={name} ariaLabel={text.editor.name} onChange={(event) => setName(event.detail.value)} />
      </FormField>
      <FormField label={text.editor.type}>
        <SegmentedControl
          label={text.editor.type}
          selectedId={type}
          options={[
            { id: 'STANDARD', text: 'STANDARD' },
            { id: 'EXPRESS', text: 'EXPRESS' },
          ]}
          onChange={(event) => onType(event.detail.selectedId as WorkflowType)}
        />
      </FormField>
      <FormField label={text.editor.role} description={text.editor.roleHint} stretch>
        <Input value={roleArn} ariaLabel={text.editor.role} onChange={(event) => setRole(event.detail.value)} />
      </FormField>
    </Confirm>
  );
}

function Update({ machine, definition, isDisabled, onSaved, onClose }: SaveDialogProps & { readonly machine: StateMachine }) {
  const { text } = useText();
  const queries = useQueryClient();
  const [publish, setPublish] = useState(false);
  const [versionDescription, describe] = useState('');
  const { stateMachineArn, name } = machine;
  const save = async () => {
    try {
      const version = publish ? { publish, ...(versionDescription !== '' && { versionDescription }) } : {};
      const answer = await aws('UpdateStateMachine', { stateMachineArn, definition, ...version });
      onSaved();
      notify(
        'success',
        answer.stateMachineVersionArn === undefined
          ? text.editor.saved(name)
          : text.editor.published(nameOf(answer.stateMachineVersionArn)),
      );
      await queries.invalidateQueries({ queryKey: ['versions', stateMachineArn] });
      await queries.invalidateQueries({ queryKey: ['machine', stateMachineArn] });
    } catch (error) {
      notifyError(error);
    }
  };
  const line = `aws stepfunctions update-state-machine --state-machine-arn ${stateMachineArn} --definition file://${quoted(name)}.asl.json${publish ? ' --publish' : ''}`;
  return (
    <Confirm
      title={text.editor.saveTitle(name)}
      hint={text.editor.saveHint}
      action={text.editor.save}
      command={line}
      isDisabled={isDisabled}
      onClose={onClose}
      onConfirm={save}
    >
      <Checkbox checked={publish} onChange={(event) => setPublish(event.detail.checked)}>
        {text.editor.publish}
      </Checkbox>
      {publish && (
        <FormField label={text.editor.versionDescription} stretch>
          <Input value={versionDescription} onChange={(event) => describe(event.detail.value)} />
        </FormField>
      )}
    </Confirm>
  );
}
