import type { Figures } from '@passo/api';
import { useText } from '../../../text';
import { Chart, HEIGHT, WIDTH } from './Chart';

const ENDS = [
  ['succeeded', 'succeeded', 'SUCCEEDED'],
  ['failed', 'failed', 'FAILED'],
  ['timedOut', 'caught', 'TIMED_OUT'],
  ['aborted', 'aborted', 'ABORTED'],
] as const;

/** What was started, and how it ended, over time. */
export function Rates({ figures }: { readonly figures: Figures }) {
  const { text, format } = useText();
  const { buckets } = figures;
  const step = WIDTH / Math.max(1, buckets.length);
  const most = Math.max(...buckets.map((one) => Math.max(one.started, one.succeeded + one.failed + one.timedOut + one.aborted)));
  const legend = [
    { look: 'started', name: text.see.figures.started, value: format.number(figures.started) },
    ...ENDS.map(([key, look, status]) => ({ look, name: text.status[status], value: format.number(figures[key]) })),
    { look: 'running', name: text.see.figures.running, value: format.number(figures.running) },
  ];
  return (
    <Chart
      title={text.see.figures.rates}
      label={legend.map(({ name, value }) => `${name} ${value}`).join(', ')}
      most={most}
      written={(value) => format.number(value)}
      from={format.time(Date.parse(figures.since))}
      to={format.time(Date.parse(figures.until))}
      legend={legend}
    >
      {(top) => (
        <>
          {buckets.map((bucket, index) => {
            let below = 0;
            return (
              <g key={bucket.at}>
                <title>{`${format.time(Date.parse(bucket.at))}: ${text.see.figures.started} ${bucket.started}`}</title>
                {ENDS.map(([key, look]) => {
                  const height = (bucket[key] / top) * HEIGHT;
                  below += height;
                  return height === 0 ? null : (
                    <rect key={key} className={look} x={index * step + 1} width={step - 2} y={HEIGHT - below} height={height} />
                  );
                })}
              </g>
            );
          })}
          <polyline
            className="started"
            points={buckets.map((one, index) => `${(index + 0.5) * step},${HEIGHT - (one.started / top) * HEIGHT}`).join(' ')}
          />
        </>
      )}
    </Chart>
  );
}
