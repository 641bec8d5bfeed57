import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { WorkflowType } from '@passo/api';
import { useText } from '../../text';
import { Sparkline } from '../workflows/Sparkline';
import { useMetrics } from '../workflows/useMetrics';

/** What AWS takes for a state transition of a Standard workflow in us-east-1, in dollars. */
const DOLLARS_PER_TRANSITION = 0.000025;

/** How a workflow did in the last day. */
export function Metrics({ arn, type }: { readonly arn: string; readonly type: WorkflowType }) {
  const { text, format } = useText();
  const one = useMetrics().data?.workflows.find((workflow) => workflow.stateMachineArn === arn);
  if (one === undefined || one.started + one.succeeded + one.failed === 0) return <p className="pause">{text.workflow.noMetrics}</p>;
  const ended = one.succeeded + one.failed;
  const duration = (milliseconds: number | undefined) => (milliseconds === undefined ? '—' : format.duration(milliseconds));
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={4}
        items={[
          { label: text.common.started, value: format.number(one.started) },
          { label: text.workflows.success, value: ended === 0 ? '—' : format.percent(one.succeeded / ended) },
          { label: text.workflows.failed, value: format.number(one.failed) },
          { label: text.workflows.p50, value: duration(one.p50) },
          { label: text.workflows.p95, value: duration(one.p95) },
          { label: text.execution.transitions, value: format.number(one.transitions) },
          ...(type === 'STANDARD'
            ? [{ label: text.nav.cost, value: text.execution.cost(format.dollars(one.transitions * DOLLARS_PER_TRANSITION)) }]
            : []),
        ]}
      />
      <div className="bigspark">
        <Sparkline buckets={one.buckets} height={90} />
      </div>
    </SpaceBetween>
  );
}
