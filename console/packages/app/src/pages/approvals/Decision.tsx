import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiError, admin, type PendingTask } from '@passo/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { Command, Copy, quoted } from '../../parts/Copy';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { Json } from '../../parts/Json';
import { JsonField, jsonError } from '../../parts/JsonField';
import { Problem } from '../../parts/Problem';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { notify, notifyError } from '../../shell/notices';
import { useText } from '../../text';
import { responseFor } from './assignees';
import { Made } from './Made';
import { deadline } from './PendingItem';
import { Reject } from './Reject';
import { useDecisions } from './useDecisions';

/** One decision: what is asked, and the answer; or who has made it. */
export function Decision({ id }: { readonly id: string }) {
  const { text } = useText();
  const task = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => admin(`tasks/${id}`, { signal }) as unknown as Promise<PendingTask>,
    retry: false,
  });
  if (task.error instanceof ApiError && task.error.status === 404) return <WasMade id={id} />;
  if (task.error !== null) return <Problem error={task.error} onRetry={() => void task.refetch()} />;
  if (task.data === undefined) return <p className="pause">{text.common.loading}</p>;
  return <Asked task={task.data} />;
}

function WasMade({ id }: { readonly id: string }) {
  const { text } = useText();
  const follow = useFollow();
  const decisions = useDecisions({ task: id }).data?.decisions ?? [];
  const first = decisions[0];
  if (first === undefined) return <Empty title={text.approvals.gone} />;
  return (
    <SpaceBetween size="m">
      <Header variant="h2">
        <span dir="auto">{first.state}</span>
      </Header>
      <span>
        {first.workflow} ·{' '}
        <Button variant="inline-link" href={links.execution(first.executionArn, { state: first.state })} onFollow={follow}>
          {first.executionName}
        </Button>
      </span>
      <Made decisions={decisions} />
    </SpaceBetween>
  );
}

function Asked({ task }: { readonly task: PendingTask }) {
  const { text } = useText();
  const words = text.decide.approvals;
  const queries = useQueryClient();
  const router = useRouter();
  const follow = useFollow();
  const { id, state, workflow, executionName, executionArn, kind, since, input, assignee, responseSchema } = task;
  const [response, respond] = useState(() => responseFor(responseSchema));
  const [reason, setReason] = useState('');
  const [isRejecting, setRejecting] = useState(false);
  const decide = async (action: 'approve' | 'reject' | 'heartbeat', body: object, said: string) => {
    try {
      await admin(`tasks/${id}/${action}`, { method: 'POST', body });
      notify('success', said);
      if (action !== 'heartbeat') router.history.push(links.approvals());
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) notify('warning', text.approvals.gone);
      else notifyError(error);
    } finally {
      for (const key of ['pending', 'decisions', 'task']) await queries.invalidateQueries({ queryKey: [key] });
    }
  };
  const isWrong = jsonError(response) !== undefined;
  const ends = deadline(task);
  const because = reason === '' ? '' : ` --reason ${quoted(reason)}`;
  return (
    <SpaceBetween size="m">
      <Header
        variant="h2"
        description={words.linkHint}
        actions={<Copy text={new URL(links.approvals(id), location.href).href} label={words.link} />}
      >
        <span dir="auto">{state}</span>
      </Header>
      <KeyValuePairs
        columns={3}
        items={[
          { label: text.common.workflow, value: workflow },
          {
            label: text.common.execution,
            value: (
              <Button variant="inline-link" href={links.execution(executionArn, { state })} onFollow={follow}>
                {executionName}
              </Button>
            ),
          },
          { label: text.common.type, value: text.approvals.kind[kind] },
          { label: words.waits, value: <Moment at={Date.parse(since)} /> },
          { label: words.expires, value: ends === undefined ? text.approvals.never : <Moment at={ends} /> },
          { label: words.assignee, value: <span dir="auto">{assignee ?? words.everybody}</span> },
        ]}
      />
      {input !== undefined && <Json text={input} label={text.common.input} />}
      <JsonField
        label={text.approvals.response}
        hint={responseSchema === undefined ? text.approvals.responseHint : words.shape}
        value={response}
        onChange={respond}
        rows={4}
      />
      <FormField label={words.reason} description={words.reasonHint} stretch>
        <Input value={reason} onChange={(event) => setReason(event.detail.value)} />
      </FormField>
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          variant="primary"
          iconName="check"
          disabled={isWrong}
          onClick={() => void decide('approve', { output: JSON.parse(response) as unknown, reason }, text.approvals.approved)}
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
      {!isWrong && <Command line={`passo approve ${id} --output ${quoted(JSON.stringify(JSON.parse(response)))}${because}`} />}
      {isRejecting && (
        <Reject
          task={id}
          because={reason}
          onClose={() => setRejecting(false)}
          onReject={(body) => decide('reject', body, text.approvals.rejected)}
        />
      )}
    </SpaceBetween>
  );
}
