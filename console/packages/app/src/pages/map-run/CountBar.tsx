import type { Counts } from '@passo/api';
import { useText } from '../../text';

/** The parts of a bar, and how each looks. */
export const PARTS = [
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['timedOut', 'failed'],
  ['aborted', 'aborted'],
  ['running', 'running'],
  ['pending', 'idle'],
] as const;

/** How many items are where, as a bar and in words. */
export function CountBar({ title, counts }: { readonly title: string; readonly counts: Counts }) {
  const { text, format } = useText();
  const shown = PARTS.filter(([name]) => counts[name] > 0);
  return (
    <section className="counts" aria-label={title}>
      <div className="cbar" aria-hidden>
        {shown.map(([name, look]) => (
          <i key={name} className={look} style={{ width: `${(counts[name] / Math.max(1, counts.total)) * 100}%` }} />
        ))}
      </div>
      <div className="clist">
        {shown.map(([name, look]) => (
          <span key={name} className={look}>
            <b />
            {text.mapRuns.counts[name]} {format.number(counts[name])}
          </span>
        ))}
        <span className="quiet">
          {text.mapRuns.counts.total} {format.number(counts.total)}
        </span>
      </div>
    </section>
  );
}
