import type { Attempt, Visit } from '@passo/graph';
import { Elapsed, Moment } from '../../parts/Elapsed';
import { VisitStatusText } from '../../parts/Status';
import { useText } from '../../text';

/** Each attempt of a visit, with what went wrong. */
export function AttemptList({ visit }: { readonly visit: Visit }) {
  const { text } = useText();
  if (visit.attempts.length === 0 && visit.error === undefined) return <p className="quiet">{text.inspector.noErrors}</p>;
  return (
    <ol className="attempts">
      {visit.attempts.map((attempt, index) => (
        <Row key={attempt.scheduled} attempt={attempt} number={index + 1} />
      ))}
      {visit.attempts.every((attempt) => attempt.error === undefined) && visit.error !== undefined && (
        <li className="fault" dir="auto">
          <code>{visit.error}</code> {visit.cause}
        </li>
      )}
    </ol>
  );
}

function Row({ attempt, number }: { readonly attempt: Attempt; readonly number: number }) {
  const { text } = useText();
  return (
    <li>
      <div className="visit">
        <b>{text.inspector.attempt(number)}</b>
        <VisitStatusText status={attempt.status} />
        <Moment at={attempt.scheduledAt} />
        <Elapsed from={attempt.scheduledAt} to={attempt.endedAt} />
      </div>
      {attempt.error !== undefined && (
        <p className="fault" dir="auto">
          <code>{attempt.error}</code> {attempt.cause}
        </p>
      )}
    </li>
  );
}
