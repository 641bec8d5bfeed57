import { type Activity, aws } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';

/** Deletes an activity, once one has seen what waits for it. */
export function DeleteActivity({ activity, onClose }: { readonly activity: Activity; readonly onClose: () => void }) {
  const { text } = useText();
  const queries = useQueryClient();
  const words = text.decide.activities;
  const remove = async () => {
    try {
      await aws('DeleteActivity', { activityArn: activity.activityArn });
      await queries.invalidateQueries({ queryKey: ['activities'] });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Confirm
      title={words.removeTitle(activity.name)}
      hint={words.removeHint(activity.waiting + activity.taken)}
      action={words.remove}
      command={`passo activity delete ${quoted(activity.name)}`}
      onClose={onClose}
      onConfirm={remove}
    />
  );
}
