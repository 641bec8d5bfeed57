import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { useText } from '../../text';

interface RejectProps {
  readonly task: string;
  readonly onClose: () => void;
  readonly onReject: (body: { error: string; cause: string; reason: string }) => Promise<void>;
}

/** Asks why something is rejected. */
export function Reject({ task, onClose, onReject }: RejectProps) {
  const { text } = useText();
  const words = text.decide.approvals;
  const [error, setError] = useState('Rejected');
  const [cause, setCause] = useState('');
  const [reason, setReason] = useState('');
  const option = (name: string, value: string) => (value === '' ? '' : ` --${name} ${quoted(value)}`);
  return (
    <Confirm
      title={text.approvals.reject}
      hint=""
      action={text.approvals.reject}
      command={`passo reject ${task} --error ${quoted(error)}${option('cause', cause)}${option('reason', reason)}`}
      isDisabled={error.trim() === ''}
      onClose={onClose}
      onConfirm={() => onReject({ error, cause, reason })}
    >
      <FormField label={text.approvals.errorName}>
        <Input value={error} onChange={(event) => setError(event.detail.value)} />
      </FormField>
      <FormField label={words.cause} description={words.causeHint}>
        <Input value={cause} autoFocus onChange={(event) => setCause(event.detail.value)} />
      </FormField>
      <FormField label={words.reason} description={words.reasonHint}>
        <Input value={reason} onChange={(event) => setReason(event.detail.value)} />
      </FormField>
    </Confirm>
  );
}
