import { aws, type FailureGroup } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { Confirm } from '../../parts/Confirm';
import { notify } from '../../shell/notices';
import { useText } from '../../text';
import { each } from '../executions/consequences';

/** Redrives all executions of a group, once one has seen how many they are. */
export function RedriveGroup({ group, onClose }: { readonly group: FailureGroup; readonly onClose: () => void }) {
  const { text } = useText();
  const queries = useQueryClient();
  const arns = group.redrivable;
  const redrive = async () => {
    const { done, refused, reason } = await each(arns, (executionArn) => aws('RedriveExecution', { executionArn }));
    notify(refused === 0 ? 'success' : 'warning', `${text.executions.results(done, refused)}${reason === undefined ? '' : `: ${reason}`}`);
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
