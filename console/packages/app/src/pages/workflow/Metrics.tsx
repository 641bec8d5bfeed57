import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { StateMachine } from '@passo/api';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { useText } from '../../text';
import { Durations } from './metrics/Durations';
import { Heat } from './metrics/Heat';
import { Histogram } from './metrics/Histogram';
import { Rates } from './metrics/Rates';
import { PERIODS, type Period, useFigures } from './metrics/useFigures';

/** How a workflow did: rates, durations, and where its time goes. */
export function Metrics({ machine }: { readonly machine: StateMachine }) {
  const { text } = useText();
  const search = useSearch({ from: '/workflows/$name' });
  const navigate = useNavigate();
  const period: Period = PERIODS.find((one) => one === search.since) ?? '24h';
  const found = useFigures(machine.name, period);
  const { figures: words } = text.see;
  const names: Record<Period, string> = { '1h': words.hour, '24h': words.day, '7d': words.week, '30d': words.month };
  const figures = found.data;
  return (
    <SpaceBetween size="m">
      <div className="heat-head">
        <SegmentedControl
          label={words.period}
          selectedId={period}
          options={PERIODS.map((id) => ({ id, text: names[id] }))}
          onChange={(event) => void navigate({ to: '.', search: { ...search, since: event.detail.selectedId } as never })}
        />
        {figures !== undefined && (
          <span className="quiet">
            {words.lookedAt(figures.lookedAt)}
            {!figures.complete && ` · ${words.partial}`}
          </span>
        )}
      </div>
      {found.error !== null && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {figures === undefined && found.error === null && <p className="pause">{text.common.loading}</p>}
      {figures?.lookedAt === 0 && <Empty title={words.none} hint={words.noneHint} />}
      {figures !== undefined && figures.lookedAt > 0 && (
        <>
          <div className="charts">
            <Rates figures={figures} />
            <Durations figures={figures} />
            <Histogram figures={figures} />
          </div>
          {figures.journals > 0 && <Heat definition={machine.definition} figures={figures} />}
        </>
      )}
    </SpaceBetween>
  );
}
