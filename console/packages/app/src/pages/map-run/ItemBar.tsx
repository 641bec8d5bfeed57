import type { Counts } from '@passo/api';
import { useText } from '../../text';
import { PARTS } from './CountBar';

/** How far the items of a Map run are, in one line. */
export function ItemBar({ counts }: { readonly counts: Counts }) {
  const { text, format } = useText();
  const done = counts.total - counts.pending - counts.running;
  return (
    <span className="ibar">
      <span className="cbar" aria-hidden>
        {PARTS.map(([name, look]) => (
          <i key={name} className={look} style={{ width: `${(counts[name] / Math.max(1, counts.total)) * 100}%` }} />
        ))}
      </span>
      <span className="figures">{text.see.mapRuns.loaded(format.number(done), format.number(counts.total))}</span>
    </span>
  );
}
