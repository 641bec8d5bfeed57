import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { useText } from '../../text';

interface RejectProps {
  readonly task: string;
  /** What was written as a reason already. */
  readonly because: string;
  readonly onClose: () => void;
  readonly onReject: (body: { error: string; cause: string; reason: string }) => Promise<void>;
}

/** Asks why something is rejected: the reason is the cause of the failure, too. */
export function Reject({ task, because, onClose, onReject }: RejectProps) {
  const { text } = useText();
  const [error, setError] = useState('Rejected');
  const [reason, setReason] = useState(because);
  return (
    <Confirm
      title={text.approvals.reject}
      hint=""
      action={text.approvals.reject}
      command={`passo reject ${task} --error ${quoted(error)}${reason === '' ? '' : ` --reason ${quoted(reason)}`}`}
      isDisabled={error.trim() === ''}
      onClose={onClose}
      onConfirm={() => onReject({ error, cause: reason, reason })}
    >
      <FormField label={text.approvals.errorName}>
        <Input value={error} onChange={(event) => setError(event.detail.value)} />
      </FormField>
      <FormField label={text.approvals.reason} description={text.approvals.reasonHint}>
        <Input value={reason} autoFocus onChange={(event) => setReason(event.detail.value)} />
      </FormField>
    </Confirm>
  );
}
