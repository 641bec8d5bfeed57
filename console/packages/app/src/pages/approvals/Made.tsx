import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { MadeDecision } from '@passo/api';
import { Moment } from '../../parts/Elapsed';
import { Json } from '../../parts/Json';
import { useText } from '../../text';

/** Who made a decision, in words. */
export function useWho(): (decision: MadeDecision) => string {
  const { text } = useText();
  return (decision) => (decision.by === 'local' ? text.decide.approvals.local : decision.by);
}

/** What was decided, as a word and a sign. */
export function Outcome({ decision }: { readonly decision: MadeDecision }) {
  const { text } = useText();
  const words = text.decide.approvals;
  const isApproved = decision.action === 'approve';
  return (
    <StatusIndicator type={!decision.made ? 'warning' : isApproved ? 'success' : 'error'}>
      {isApproved ? words.approved : words.rejected}
    </StatusIndicator>
  );
}

/** Decisions: who made them, when, and why. */
export function Made({ decisions }: { readonly decisions: readonly MadeDecision[] }) {
  const { text, format } = useText();
  const who = useWho();
  const words = text.decide.approvals;
  return (
    <ul className="made">
      {decisions.map((decision) => (
        <li key={`${decision.task}${decision.at}`}>
          <Outcome decision={decision} /> <b dir="auto">{who(decision)}</b> · <Moment at={Date.parse(decision.at)} /> ·{' '}
          <span className="quiet">{words.took(format.duration(Date.parse(decision.at) - Date.parse(decision.since)))}</span>
          {!decision.made && <p>{words.unconfirmed}</p>}
          {decision.reason !== undefined && (
            <p dir="auto">
              <span className="quiet">{words.reason}:</span> {decision.reason}
            </p>
          )}
          {decision.error !== undefined && (
            <p dir="auto">
              <code>{decision.error}</code> {decision.cause}
            </p>
          )}
          {decision.output !== undefined && <Json text={decision.output} label={text.approvals.response} />}
        </li>
      ))}
    </ul>
  );
}
