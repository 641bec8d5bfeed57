import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ExecutionStatus } from '@passo/api';
import type { VisitStatus } from '@passo/graph';
import { useText } from '../text';

const EXECUTION: Record<ExecutionStatus, StatusIndicatorProps.Type> = {
  RUNNING: 'in-progress',
  SUCCEEDED: 'success',
  FAILED: 'error',
  TIMED_OUT: 'error',
  ABORTED: 'stopped',
  PENDING_REDRIVE: 'pending',
};

const VISIT: Record<VisitStatus, StatusIndicatorProps.Type> = {
  running: 'in-progress',
  waiting: 'pending',
  succeeded: 'success',
  caught: 'warning',
  failed: 'error',
  aborted: 'stopped',
};

/** An execution's status: sign, word and colour. */
export function ExecutionStatusText({ status }: { readonly status: ExecutionStatus }) {
  const { text } = useText();
  return (
    <StatusIndicator type={EXECUTION[status]} {...(status === 'RUNNING' && { colorOverride: 'blue' })}>
      {text.status[status]}
    </StatusIndicator>
  );
}

/** How a visit of a state stands. */
export function VisitStatusText({ status }: { readonly status: VisitStatus }) {
  const { text } = useText();
  return (
    <StatusIndicator type={VISIT[status]} {...((status === 'running' || status === 'waiting') && { colorOverride: 'blue' })}>
      {text.visit[status]}
    </StatusIndicator>
  );
}
