import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { Figures, StateFigures } from '@passo/api';
import { readDefinition } from '@passo/graph';
import { useCallback, useMemo, useState } from 'react';
import { Drawn } from '../../../graph/Drawn';
import { Graph } from '../../../graph/Graph';
import { usePicture } from '../../../graph/usePicture';
import { useText } from '../../../text';
import { HeatTable } from './HeatTable';
import { shade } from './scale';

const MODES = ['time', 'failures', 'retries'] as const;
export type Mode = (typeof MODES)[number];

export const VALUE: Record<Mode, (state: StateFigures) => number> = {
  time: (state) => state.shareOfTime,
  failures: (state) => state.failures,
  retries: (state) => state.retries,
};

/** The picture of a workflow, coloured by where time goes, what fails, or what is tried again. */
export function Heat({ definition, figures }: { readonly definition: string; readonly figures: Figures }) {
  const { text, format } = useText();
  const scope = useMemo(() => readDefinition(definition), [definition]);
  const drawn = usePicture(scope);
  const [mode, setMode] = useState<Mode>('time');
  const [selected, select] = useState<string>();
  const states = useMemo(() => new Map(figures.states.map((one) => [one.state, one])), [figures]);
  const greatest = Math.max(...figures.states.map(VALUE[mode]), 0);
  const classOf = useCallback(
    (name: string) => {
      const state = states.get(name);
      return `heat heat-${state === undefined ? 'none' : shade(VALUE[mode](state), greatest)}`;
    },
    [states, mode, greatest],
  );
  const noteOf = useCallback(
    (name: string) => {
      const state = states.get(name);
      if (state === undefined) return undefined;
      return mode === 'time' ? format.percent(state.shareOfTime) : format.number(VALUE[mode](state));
    },
    [states, mode, format],
  );
  return (
    <section className="stack" aria-label={text.see.figures.heat}>
      <div className="heat-head">
        <h2>{text.see.figures.heat}</h2>
        <SegmentedControl
          label={text.see.figures.by}
          selectedId={mode}
          options={MODES.map((id) => ({ id, text: text.see.figures.modes[id] }))}
          onChange={(event) => setMode(event.detail.selectedId as Mode)}
        />
        <span className="heat-scale quiet" aria-hidden>
          {text.see.figures.least}
          {[1, 2, 3, 4, 5].map((one) => (
            <i key={one} className={`heat-${one}`} />
          ))}
          {text.see.figures.most}
        </span>
        <span className="quiet">{text.see.figures.journals(figures.journals)}</span>
      </div>
      <div className="pair wide">
        <div className="framed heat-graph">
          {scope !== undefined && (
            <Drawn drawn={drawn}>
              {(picture) => (
                <Graph
                  picture={picture}
                  selected={selected}
                  onSelect={select}
                  focus={selected}
                  hasMap={false}
                  classOf={classOf}
                  noteOf={noteOf}
                />
              )}
            </Drawn>
          )}
        </div>
        <HeatTable states={figures.states} mode={mode} selected={selected} onSelect={select} />
      </div>
    </section>
  );
}
