import type { PendingTask } from '@passo/api';
import { useNow } from '../../live/now';
import { useText } from '../../text';

interface PendingItemProps {
  readonly task: PendingTask;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

/** One decision in the list, and how much of its time is left. */
export function PendingItem({ task, isChosen, onChoose }: PendingItemProps) {
  const { text, format } = useText();
  const now = useNow();
  const since = Date.parse(task.since);
  const end = deadline(task);
  const left = end === undefined ? undefined : end - now;
  const share = end === undefined || left === undefined ? 1 : Math.max(0, Math.min(1, left / (end - since)));
  const urgency = share < 0.15 ? 'failed' : share < 0.4 ? 'caught' : 'succeeded';
  return (
    <button type="button" className={isChosen ? 'api on' : 'api'} aria-current={isChosen} onClick={onChoose}>
      <b dir="auto">{task.state}</b>
      <span dir="auto">
        {task.workflow} · {task.executionName}
      </span>
      {task.assignee !== undefined && (
        <span>
          {text.decide.approvals.assignee} <bdi>{task.assignee}</bdi>
        </span>
      )}
      <span>{text.approvals.since(format.duration(now - since))}</span>
      {left !== undefined && (
        <span className={`ttl ${urgency}`} aria-hidden>
          <i style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span>
        {left === undefined ? text.approvals.never : left > 0 ? text.approvals.expires(format.duration(left)) : text.approvals.expired}
        {task.worker !== undefined && ` · ${task.worker}`}
      </span>
    </button>
  );
}

/** When the time of a decision is over, unless a sign of life comes. */
export function deadline(task: PendingTask): number | undefined {
  const ends = [task.timeoutAt, task.heartbeatAt].filter((end) => end !== undefined).map((end) => Date.parse(end));
  return ends.length === 0 ? undefined : Math.min(...ends);
}
