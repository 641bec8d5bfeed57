import type { Figures } from '@passo/api';
import { useText } from '../../../text';
import { Chart, HEIGHT, WIDTH } from './Chart';

/** How many executions took how long. Its columns are 1, 2, 5, 10 … milliseconds wide. */
export function Histogram({ figures }: { readonly figures: Figures }) {
  const { text, format } = useText();
  const columns = figures.histogram;
  // Few columns do not become walls.
  const places = Math.max(6, columns.length);
  const step = WIDTH / places;
  const name = ({ from, to, count }: (typeof columns)[number]) =>
    text.see.figures.column(format.duration(from), format.duration(to), count);
  return (
    <Chart
      title={text.see.figures.histogram}
      label={
        columns.length === 0
          ? text.see.figures.durationsNone
          : columns
              .filter((one) => one.count > 0)
              .map(name)
              .join(', ')
      }
      most={Math.max(0, ...columns.map((one) => one.count))}
      written={(value) => format.number(value)}
      from={format.duration(columns[0]?.from ?? 0)}
      to={format.duration(columns.at(-1)?.to ?? 0)}
      filled={columns.length / places}
    >
      {(top) =>
        columns.map((column, index) => {
          const height = (column.count / top) * HEIGHT;
          return (
            <rect
              key={column.from}
              className="running"
              x={index * step + 1}
              width={Math.max(1, step - 2)}
              y={HEIGHT - height}
              height={height}
            >
              <title>{name(column)}</title>
            </rect>
          );
        })
      }
    </Chart>
  );
}
