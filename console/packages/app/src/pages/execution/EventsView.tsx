import Input from '@cloudscape-design/components/input';
import { attributesOf, type HistoryEvent } from '@passo/graph';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { RunStore } from '../../live/RunStore';
import { useRunVersion } from '../../live/run';
import { Json } from '../../parts/Json';
import { useText } from '../../text';
import type { Selection } from './selection';

const ROW = 30;

/** Every event, as the history tells them. Only the rows that can be seen are there. */
export function EventsView({ store, selection }: { readonly store: RunStore; readonly selection: Selection }) {
  const { text, format } = useText();
  const version = useRunVersion(store, 4);
  const [wanted, want] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: events are added in place; the version says when.
  const events = useMemo(() => fitting(store.fold.events, wanted), [store, wanted, version]);
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: events.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 20 });
  const chosen = selection.event === undefined ? undefined : store.fold.events[selection.event - 1];
  return (
    <div className="events">
      <div className="events-head">
        <Input
          type="search"
          value={wanted}
          placeholder={text.events.filter}
          ariaLabel={text.events.filter}
          onChange={(event) => want(event.detail.value)}
        />
        <span className="quiet">{text.events.count(events.length)}</span>
      </div>
      <div className="events-body">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys. */}
        <section className="events-list" ref={box} tabIndex={0} aria-label={text.execution.views.events}>
          <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map((row) => {
              const event = events[row.index];
              if (event === undefined) return null;
              const details = attributesOf(event);
              return (
                <button
                  type="button"
                  key={event.id}
                  className={selection.event === event.id ? 'event on' : 'event'}
                  aria-pressed={selection.event === event.id}
                  style={{ transform: `translateY(${row.start}px)` }}
                  onClick={() => selection.chooseEvent(event.id)}
                >
                  <span className="figures quiet">{event.id}</span>
                  <span className={/(Failed|TimedOut|Aborted)$/.test(event.type) ? 'bad' : ''}>{event.type}</span>
                  <span dir="auto">{details.name ?? details.resource ?? details.error ?? ''}</span>
                  <span className="figures quiet">{format.clock(event.timestamp * 1000)}</span>
                </button>
              );
            })}
          </div>
        </section>
        {chosen !== undefined && (
          <section className="events-one" aria-label={text.events.details}>
            <h2>
              {chosen.id} · {chosen.type}
            </h2>
            <Json text={JSON.stringify(chosen)} label={text.events.details} />
          </section>
        )}
      </div>
    </div>
  );
}

function fitting(events: readonly HistoryEvent[], wanted: string): readonly HistoryEvent[] {
  const word = wanted.trim().toLowerCase();
  if (word === '') return events.slice();
  return events.filter(
    (event) => event.type.toLowerCase().includes(word) || attributesOf(event).name?.toLowerCase().includes(word) === true,
  );
}
