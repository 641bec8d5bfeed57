import { attributesOf, type Visit } from '@passo/graph';
import type { RunStore } from '../../live/RunStore';
import { Json } from '../../parts/Json';
import { useText } from '../../text';

const SHOWN_MAX = 200;

/** The events of one visit, each to be opened. */
export function VisitEvents({ store, visit }: { readonly store: RunStore; readonly visit: Visit }) {
  const { text, format } = useText();
  if (visit.events.length === 0) return <p className="quiet">{text.inspector.noEvents}</p>;
  return (
    <div className="vevents">
      {visit.events.slice(0, SHOWN_MAX).map((id) => {
        // Ids are counted from 1, without gaps.
        const event = store.fold.events[id - 1];
        if (event === undefined) return null;
        return (
          <details key={id}>
            <summary>
              <span className="figures quiet">{id}</span> {event.type}{' '}
              <time className="figures quiet">{format.clock(event.timestamp * 1000)}</time>
            </summary>
            <Json text={JSON.stringify(attributesOf(event))} label={text.events.details} />
          </details>
        );
      })}
    </div>
  );
}
