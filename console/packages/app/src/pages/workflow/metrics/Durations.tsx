import type { Figures } from '@passo/api';
import { useText } from '../../../text';
import { Chart, HEIGHT, WIDTH } from './Chart';

const LINES = [
  ['p95', 'caught'],
  ['p50', 'running'],
] as const;

/** How long executions took, over time. */
export function Durations({ figures }: { readonly figures: Figures }) {
  const { text, format } = useText();
  const { buckets } = figures;
  const step = WIDTH / Math.max(1, buckets.length);
  const most = Math.max(0, ...buckets.map((one) => one.p95 ?? 0));
  const written = (value: number | undefined) => (value === undefined ? '—' : format.duration(value));
  const legend = [
    ...LINES.map(([key, look]) => ({ look, name: key, value: written(figures[key]) })),
    { look: 'idle', name: text.see.figures.longest, value: written(figures.max) },
  ];
  return (
    <Chart
      title={text.see.figures.durations}
      label={legend.map(({ name, value }) => `${name} ${value}`).join(', ')}
      most={most}
      written={format.duration}
      from={format.time(Date.parse(figures.since))}
      to={format.time(Date.parse(figures.until))}
      legend={legend}
    >
      {(top) =>
        LINES.map(([key, look]) => {
          // Where nothing ended there is no value: the line goes on to the next.
          const points = buckets.flatMap((one, index) => {
            const value = one[key];
            return value === undefined ? [] : [[(index + 0.5) * step, HEIGHT - (value / top) * HEIGHT] as const];
          });
          return (
            <g key={key} className={look}>
              <polyline points={points.map(([x, y]) => `${x},${y}`).join(' ')} />
              {points.map(([x, y]) => (
                <rect key={x} x={x - 2} y={y - 2} width={4} height={4} />
              ))}
            </g>
          );
        })
      }
    </Chart>
  );
}
