import type { ReactNode } from 'react';
import { ceiling } from './scale';

export const WIDTH = 480;
export const HEIGHT = 120;

interface ChartProps {
  readonly title: string;
  /** All that it shows, in words. */
  readonly label: string;
  /** The greatest value that is shown, and how values are written. */
  readonly most: number;
  readonly written: (value: number) => string;
  /** The two ends of its lower axis. */
  readonly from: string;
  readonly to: string;
  /** How much of the width is filled, from 0 to 1. */
  readonly filled?: number;
  readonly legend?: readonly { readonly look: string; readonly name: string; readonly value: string }[];
  /** Draws in a box of {@link WIDTH} by {@link HEIGHT}, in which `top` is the upper end of the axis. */
  readonly children: (top: number) => ReactNode;
}

/** A picture of numbers with axes. It says the same in words. */
export function Chart({ title, label, most, written, from, to, filled = 1, legend = [], children }: ChartProps) {
  const top = ceiling(most);
  return (
    <figure className="chart">
      <figcaption>
        <h2>{title}</h2>
        <span className="clist">
          {legend.map(({ look, name, value }) => (
            <span key={name} className={look}>
              <b />
              {name} {value}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="chart-box">
        <span className="chart-y figures">
          <span>{written(top)}</span>
          <span>{written(0)}</span>
        </span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
          <line x1="0" x2={WIDTH} y1="0.5" y2="0.5" />
          <line x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
          <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
          {children(top)}
        </svg>
        <span className="chart-x figures" style={{ width: `${Math.max(0.3, filled) * 100}%` }}>
          <span>{from}</span>
          <span>{to}</span>
        </span>
      </div>
    </figure>
  );
}
