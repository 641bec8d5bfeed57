import { type Run, timeScale, type Visit } from '@passo/graph';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useNow } from '../../live/now';
import type { RunStore } from '../../live/RunStore';
import { useRunVersion } from '../../live/run';
import { Elapsed } from '../../parts/Elapsed';
import { useText } from '../../text';

interface TimelineProps {
  readonly store: RunStore;
  readonly selected: string | undefined;
  readonly visit: number | undefined;
  readonly onSelect: (state: string, visit: number) => void;
}

const ROW = 27;
/** Indenting deeper than this would leave no room for names. */
const DEPTH_MAX = 8;

/** Every visit of a state as a bar, in order; long silences are cut. */
export function Timeline({ store, selected, visit, onSelect }: TimelineProps) {
  const { text, format } = useText();
  const version = useRunVersion(store, 4);
  const { run } = store;
  const now = useNow();
  const end = run.status === 'RUNNING' ? Math.max(now, lastMoment(run)) : (run.stoppedAt ?? lastMoment(run));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run changes in place; its version says when.
  const scale = useMemo(() => timeScale(momentsOf(run, end)), [run, end, version]);
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: run.visits.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 12 });
  const at = visit ?? run.visits.findLast((one) => one.state === selected)?.index;
  useEffect(() => {
    if (at !== undefined && at < run.visits.length) rows.scrollToIndex(at, { align: 'auto' });
  }, [at, rows, run]);
  const bar = (from: number, to: number | undefined) => {
    const start = scale.at(from);
    return { left: `${start * 100}%`, width: `${Math.max(0, scale.at(to ?? end) - start) * 100}%` };
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys.
    <section className="tl" ref={box} tabIndex={0} aria-label={text.execution.timeline}>
      {run.visits.length === 0 && <p className="pause">{text.execution.noStates}</p>}
      <div className="gantt" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const one = run.visits[row.index];
          if (one === undefined) return null;
          const isChosen = at === one.index || (visit === undefined && one.state === selected);
          return (
            <button
              type="button"
              key={row.key}
              className={isChosen ? 'grow on' : 'grow'}
              style={{ transform: `translateY(${row.start}px)` }}
              aria-pressed={isChosen}
              onClick={() => onSelect(one.state, one.index)}
            >
              <span className="gname" dir="auto" style={{ paddingInlineStart: 8 + Math.min(one.depth, DEPTH_MAX) * 16 }}>
                {one.state}
                {one.iteration !== undefined && <small> #{one.iteration}</small>}
              </span>
              <span className={`gbar ${one.status}`}>
                {one.attempts.length > 1 && <u style={bar(one.enteredAt, one.exitedAt)} />}
                {one.attempts.length > 1 ? (
                  one.attempts.map((attempt) => (
                    <i
                      key={attempt.scheduled}
                      className={attempt.status}
                      style={bar(attempt.scheduledAt, attempt.endedAt ?? one.exitedAt)}
                    />
                  ))
                ) : (
                  <i style={bar(one.enteredAt, one.exitedAt)} />
                )}
                {scale.cuts.map((cut) => (
                  <em
                    key={cut.from}
                    title={text.execution.idle(format.duration(cut.milliseconds))}
                    style={{ left: `${cut.from * 100}%`, width: `${(cut.to - cut.from) * 100}%` }}
                  >
                    {covers(one, cut, scale.at, end) && format.duration(cut.milliseconds)}
                  </em>
                ))}
              </span>
              <span className="unseen">{text.visit[one.status]}</span>
              <span className="gtook">
                <Elapsed from={one.enteredAt} to={one.exitedAt} />
              </span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

function covers(visit: Visit, cut: { from: number; to: number }, at: (time: number) => number, end: number): boolean {
  const middle = (cut.from + cut.to) / 2;
  return at(visit.enteredAt) <= middle && at(visit.exitedAt ?? end) >= middle && visit.depth === 0;
}

function lastMoment(run: Run): number {
  const last = run.visits.at(-1);
  return Math.max(run.startedAt ?? 0, last?.exitedAt ?? last?.enteredAt ?? 0);
}

function momentsOf(run: Run, end: number): number[] {
  const moments = [end];
  if (run.startedAt !== undefined) moments.push(run.startedAt);
  for (const visit of run.visits) {
    moments.push(visit.enteredAt);
    if (visit.exitedAt !== undefined) moments.push(visit.exitedAt);
    for (const attempt of visit.attempts) {
      moments.push(attempt.scheduledAt);
      if (attempt.endedAt !== undefined) moments.push(attempt.endedAt);
    }
  }
  return moments;
}
