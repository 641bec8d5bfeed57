import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { Execution } from '@passo/api';
import type { Run } from '@passo/graph';
import { useText } from '../../text';

interface FailureBannerProps {
  readonly execution: Execution;
  readonly run: Run;
  readonly onGo: (state: string, visit: number) => void;
}

/** What went wrong, above everything else. */
export function FailureBanner({ execution, run, onGo }: FailureBannerProps) {
  const { text } = useText();
  const isOver = run.status !== 'RUNNING' || execution.status !== 'RUNNING';
  if (!isOver || run.status === 'SUCCEEDED' || execution.status === 'SUCCEEDED') return null;
  const [error, cause] = [run.error ?? execution.error, run.cause ?? execution.cause];
  const failed = run.failedAt === undefined ? undefined : run.visits[run.failedAt];
  const status = run.status === 'RUNNING' ? execution.status : run.status;
  const header =
    status === 'TIMED_OUT'
      ? text.execution.timedOut
      : status === 'ABORTED'
        ? text.execution.aborted
        : failed === undefined
          ? text.execution.failed
          : text.execution.failedIn(failed.state);
  return (
    <Alert
      type={status === 'ABORTED' ? 'warning' : 'error'}
      header={header}
      action={failed && <Button onClick={() => onGo(failed.state, failed.index)}>{text.execution.goTo}</Button>}
    >
      {error !== undefined && <code>{error}</code>}
      {cause !== undefined && (
        <span className="cause" dir="auto">
          {cause}
        </span>
      )}
    </Alert>
  );
}
