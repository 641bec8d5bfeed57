import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { Run } from '@passo/graph';
import { useText } from '../../text';
import { VIEWS, type View } from './selection';

interface ViewsProps {
  readonly view: View;
  readonly onChange: (view: View) => void;
  readonly run: Run;
}

export function Views({ view, onChange, run }: ViewsProps) {
  const { text, format } = useText();
  const counts: Partial<Record<View, number>> = { states: run.visits.length, events: run.lastEvent };
  const name = (one: View) => {
    const count = counts[one];
    return count === undefined ? text.execution.views[one] : `${text.execution.views[one]} (${format.number(count)})`;
  };
  const { keys } = text.execution;
  return (
    <div className="wbbar">
      <SegmentedControl
        label={text.execution.view}
        selectedId={view}
        options={VIEWS.map((id) => ({ id, text: name(id) }))}
        onChange={(event) => onChange(event.detail.selectedId as View)}
      />
      <span className="keys">
        <kbd>J</kbd> <kbd>K</kbd> {keys.next} <kbd>F</kbd> {keys.failure} <kbd>L</kbd> {keys.follow} <kbd>?</kbd> {keys.help}
      </span>
    </div>
  );
}
