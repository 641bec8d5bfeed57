import type { StateFigures } from '@passo/api';
import { useText } from '../../../text';
import { type Mode, VALUE } from './Heat';

interface HeatTableProps {
  readonly states: readonly StateFigures[];
  readonly mode: Mode;
  readonly selected: string | undefined;
  readonly onSelect: (state: string) => void;
}

/** The same as the coloured picture in numbers, the greatest first. */
export function HeatTable({ states, mode, selected, onSelect }: HeatTableProps) {
  const { text, format } = useText();
  const sorted = [...states].sort((one, other) => VALUE[mode](other) - VALUE[mode](one) || other.millis - one.millis);
  const duration = (milliseconds: number | undefined) => (milliseconds === undefined ? '—' : format.duration(milliseconds));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys.
    <section className="heat-table" tabIndex={0} aria-label={text.execution.views.states}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.common.state}</th>
            <th scope="col">{text.see.figures.share}</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">{text.see.figures.visits}</th>
            <th scope="col">{text.see.figures.failures}</th>
            <th scope="col">{text.see.figures.retries}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.state} className={one.state === selected ? 'on' : ''}>
              <th scope="row">
                <button type="button" className="plain" dir="auto" onClick={() => onSelect(one.state)}>
                  {one.state}
                </button>
              </th>
              <td>{format.percent(one.shareOfTime)}</td>
              <td>{duration(one.p50)}</td>
              <td>{duration(one.p95)}</td>
              <td>{format.number(one.visits)}</td>
              <td className={one.failures > 0 ? 'bad' : ''}>{format.number(one.failures)}</td>
              <td>{format.number(one.retries)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{text.see.figures.heatHint}</p>
    </section>
  );
}
