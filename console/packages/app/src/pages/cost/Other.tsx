import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Costs } from '@passo/api';
import { useText } from '../../text';
import { saving } from './months';

/** What the same would cost as the other type of workflow, or why it cannot be one. */
export function Other({ costs }: { readonly costs: Costs }) {
  const { text, format } = useText();
  const words = text.decide.cost;
  if (costs.type === 'STANDARD' && costs.onlyStandard !== undefined) {
    const { kind, state } = costs.onlyStandard;
    return <span className="quiet">{words.only[kind](state ?? '')}</span>;
  }
  const saved = saving(costs.bill.total, costs.other.bill.total);
  const word = Math.abs(saved) < 0.005 ? words.same : saved > 0 ? words.cheaper : words.dearer;
  return (
    <span className="costs-other">
      <span className="figures">
        {costs.other.type} {format.dollars(costs.other.bill.total)}
      </span>
      <StatusIndicator type={saved > 0.005 ? 'success' : 'info'}>
        {Math.abs(saved) < 0.005 ? word : `${format.percent(Math.abs(saved))} ${word}`}
      </StatusIndicator>
    </span>
  );
}
