import type { FoundExecution } from '@passo/api';
import { useNow } from '../../live/now';
import { useText } from '../../text';
import { consequences } from './consequences';

/** What a change of these executions touches: how many of which workflow, and how long the oldest has run. */
export function Touched({ executions, isRunning }: { readonly executions: readonly FoundExecution[]; readonly isRunning: boolean }) {
  const { text, format } = useText();
  const now = useNow();
  const words = text.decide.bulk;
  const { workflows, oldest } = consequences(executions);
  return (
    <div>
      <ul className="touched">
        {workflows.map(([name, count]) => (
          <li key={name}>{words.byWorkflow(name, count)}</li>
        ))}
      </ul>
      {isRunning && oldest !== undefined && <p className="quiet">{words.oldest(format.duration(now - oldest))}</p>}
    </div>
  );
}
