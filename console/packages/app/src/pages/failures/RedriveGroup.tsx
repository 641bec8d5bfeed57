import { aws, type FailureGroup } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { Confirm } from '../../parts/Confirm';
import { notify } from '../../shell/notices';
import { useText } from '../../text';

/** Redrives at the same time, at most. */
const AT_ONCE = 8;

/** Redrives all executions of a group, once one has seen how many they are. */
export function RedriveGroup({ group, onClose }: { readonly group: FailureGroup; readonly onClose: () => void }) {
  const { text } = useText();
  const queries = useQueryClient();
  const arns = group.redrivable;
  const redrive = async () => {
    let [done, refused] = [0, 0];
    let reason = '';
    for (let at = 0; at < arns.length; at += AT_ONCE) {
      const outcomes = await Promise.allSettled(
        arns.slice(at, at + AT_ONCE).map((executionArn) => aws('RedriveExecution', { executionArn })),
      );
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') done += 1;
        else {
          refused += 1;
          reason = String((outcome.reason as Error).message);
        }
      }
    }
    notify(refused === 0 ? 'success' : 'warning', `${text.executions.results(done, refused)}${reason === '' ? '' : `: ${reason}`}`);
    await queries.invalidateQueries();
  };
  return (
    <Confirm
      title={text.executions.redriveMany(arns.length)}
      hint={text.executions.redriveManyHint}
      action={text.execution.redrive}
      command={`passo redrive ${arns.slice(0, 3).join(' ')}${arns.length > 3 ? ' …' : ''}`}
      onClose={onClose}
      onConfirm={redrive}
    />
  );
}
