import type { WorkflowMetrics } from '@passo/api';
import { useText } from '../../text';

interface SparklineProps {
  readonly buckets: WorkflowMetrics['buckets'];
  readonly height?: number;
}

const STEP = 4;

/** Successes and failures of a day as small bars. */
export function Sparkline({ buckets, height = 22 }: SparklineProps) {
  const { text, format } = useText();
  const most = Math.max(1, ...buckets.map((bucket) => bucket.succeeded + bucket.failed));
  const sum = (of: 'succeeded' | 'failed') => buckets.reduce((total, bucket) => total + bucket[of], 0);
  const label = `${text.visit.succeeded} ${format.number(sum('succeeded'))}, ${text.visit.failed} ${format.number(sum('failed'))}`;
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${buckets.length * STEP} ${height}`}
      width={buckets.length * STEP}
      height={height}
      role="img"
      aria-label={label}
    >
      <line x1="0" x2={buckets.length * STEP} y1={height - 0.5} y2={height - 0.5} />
      {buckets.map((bucket, index) => {
        const [good, bad] = [(bucket.succeeded / most) * (height - 2), (bucket.failed / most) * (height - 2)];
        return (
          <g key={bucket.at}>
            <rect className="succeeded" x={index * STEP} width={STEP - 1} y={height - 1 - good} height={good} />
            <rect className="failed" x={index * STEP} width={STEP - 1} y={height - 1 - good - bad} height={bad} />
          </g>
        );
      })}
    </svg>
  );
}
