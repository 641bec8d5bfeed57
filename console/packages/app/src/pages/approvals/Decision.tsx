import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiError, admin, type PendingTask } from '@passo/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { Command, quoted } from '../../parts/Copy';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { Json } from '../../parts/Json';
import { JsonField, jsonError } from '../../parts/JsonField';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { notify, notifyError } from '../../shell/notices';
import { useText } from '../../text';

const APPROVED = '{\n  "approved": true\n}';

/** One decision: what is asked, and the answer. */
export function Decision({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { text } = useText();
  const queries = useQueryClient();
  const task = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => admin(`tasks/${id}`, { signal }) as unknown as Promise<PendingTask>,
  });
  const [response, respond] = useState(APPROVED);
  const [isRejecting, setRejecting] = useState(false);
  const decide = async (action: 'approve' | 'reject' | 'heartbeat', body: object, said: string) => {
    try {
      await admin(`tasks/${id}/${action}`, { method: 'POST', body });
      notify('success', said);
      if (action !== 'heartbeat') onDone();
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) notify('warning', text.approvals.gone);
      else notifyError(error);
    } finally {
      await queries.invalidateQueries({ queryKey: ['pending'] });
      await queries.invalidateQueries({ queryKey: ['task', id] });
    }
  };
  if (task.error !== null) return <Empty title={text.approvals.gone} />;
  if (task.data === undefined) return <p className="pause">{text.common.loading}</p>;
  const { state, workflow, executionName, executionArn, kind, since, input } = task.data;
  const isWrong = jsonError(response) !== undefined;
  return (
    <SpaceBetween size="m">
      <Header variant="h2">
        <span dir="auto">{state}</span>
      </Header>
      <KeyValuePairs
        columns={4}
        items={[
          { label: text.common.workflow, value: workflow },
          {
            label: text.common.execution,
            value: <ExecutionLink arn={executionArn} name={executionName} state={state} />,
          },
          { label: text.common.type, value: text.approvals.kind[kind] },
          { label: text.common.started, value: <Moment at={Date.parse(since)} /> },
        ]}
      />
      {input !== undefined && <Json text={input} label={text.common.input} />}
      <JsonField label={text.approvals.response} hint={text.approvals.responseHint} value={response} onChange={respond} rows={4} />
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          variant="primary"
          iconName="check"
          disabled={isWrong}
          onClick={() => void decide('approve', { output: JSON.parse(response) as unknown }, text.approvals.approved)}
        >
          {text.approvals.approve}
        </Button>
        <Button iconName="close" onClick={() => setRejecting(true)}>
          {text.approvals.reject}…
        </Button>
        <Button variant="link" onClick={() => void decide('heartbeat', {}, text.approvals.beaten)}>
          {text.approvals.heartbeat}
        </Button>
      </SpaceBetween>
      {!isWrong && <Command line={`passo approve ${quoted(executionArn)} --output ${quoted(JSON.stringify(JSON.parse(response)))}`} />}
      {isRejecting && (
        <Reject
          arn={executionArn}
          onClose={() => setRejecting(false)}
          onReject={(body) => decide('reject', body, text.approvals.rejected)}
        />
      )}
    </SpaceBetween>
  );
}

function ExecutionLink({ arn, name, state }: { readonly arn: string; readonly name: string; readonly state: string }) {
  const follow = useFollow();
  return (
    <Button variant="inline-link" href={links.execution(arn, { state })} onFollow={follow}>
      {name}
    </Button>
  );
}

interface RejectProps {
  readonly arn: string;
  readonly onClose: () => void;
  readonly onReject: (body: { error: string; cause: string }) => Promise<void>;
}

function Reject({ arn, onClose, onReject }: RejectProps) {
  const { text } = useText();
  const [error, setError] = useState('Rejected');
  const [cause, setCause] = useState('');
  return (
    <Confirm
      title={text.approvals.reject}
      hint=""
      action={text.approvals.reject}
      command={`passo reject ${quoted(arn)} --error ${quoted(error)} --cause ${quoted(cause)}`}
      isDisabled={error.trim() === ''}
      onClose={onClose}
      onConfirm={() => onReject({ error, cause })}
    >
      <FormField label={text.approvals.errorName}>
        <Input value={error} onChange={(event) => setError(event.detail.value)} />
      </FormField>
      <FormField label={text.approvals.reason} description={text.approvals.reasonHint}>
        <Input value={cause} autoFocus onChange={(event) => setCause(event.detail.value)} />
      </FormField>
    </Confirm>
  );
}
