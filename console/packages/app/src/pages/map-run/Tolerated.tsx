import type { Counts } from '@passo/api';
import { useText } from '../../text';
import { failedOf, isTolerated } from './tolerance';

interface ToleratedProps {
  readonly counts: Counts;
  readonly count: number;
  readonly percentage: number;
}

/** How many items failed, of how many may. */
export function Tolerated({ counts, count, percentage }: ToleratedProps) {
  const { text, format } = useText();
  const words = text.see.mapRuns;
  const limits = [...(count > 0 ? [format.number(count)] : []), ...(percentage > 0 ? [format.percent(percentage / 100)] : [])];
  const failed = failedOf(counts);
  const isFine = isTolerated(counts, count, percentage);
  return (
    <span className="figures" title={failed === 0 ? undefined : isFine ? words.within : words.beyond}>
      <span className={isFine ? '' : 'bad'}>{format.number(failed)}</span>
      <small className="quiet"> ≤ {limits.length === 0 ? '0' : limits.join(' · ')}</small>
      {failed > 0 && <small className="quiet"> · {isFine ? words.within : words.beyond}</small>}
    </span>
  );
}
