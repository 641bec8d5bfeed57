import type { ExecutionItem, ExecutionStatus } from '@passo/api';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';

/** The sides of squares, where there are few and where there are many. */
const LARGE = 32;
const SMALL = 18;
const FEW = 600;
const LOOK: Record<ExecutionStatus, string> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
  PENDING_REDRIVE: 'waiting',
};

interface GridProps {
  readonly items: readonly ExecutionItem[];
  /** The end of what is there can be seen. */
  readonly onEnd: () => void;
}

/** A square for each child execution. Only the rows that can be seen are there. */
export function Grid({ items, onEnd }: GridProps) {
  const { text } = useText();
  const follow = useFollow();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const side = items.length <= FEW ? LARGE : SMALL;
  const columns = Math.max(1, Math.floor((width - 8) / side));
  const rows = useVirtualizer({
    count: Math.ceil(items.length / columns),
    getScrollElement: () => box.current,
    estimateSize: () => side,
    overscan: 8,
  });
  useEffect(() => {
    // What was measured with squares of another size is no longer true.
    if (side > 0) rows.measure();
  }, [side, rows]);
  const last = rows.getVirtualItems().at(-1)?.index ?? 0;
  const isAtEnd = last >= Math.ceil(items.length / columns) - 1;
  useEffect(() => {
    if (isAtEnd && items.length > 0) onEnd();
  }, [isAtEnd, items.length, onEnd]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys.
    <section className="grid" ref={box} tabIndex={0} aria-label={text.mapRuns.grid}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => (
          <div key={row.key} className="gridrow" style={{ height: side, transform: `translateY(${row.start}px)` }}>
            {items.slice(row.index * columns, (row.index + 1) * columns).map((item) => (
              <a
                key={item.executionArn}
                className={`square ${LOOK[item.status]}`}
                style={{ width: side - 4, height: side - 4 }}
                href={links.execution(item.executionArn)}
                title={`${item.name} · ${text.status[item.status]}`}
                onClick={(event) => {
                  if (!event.ctrlKey && !event.metaKey)
                    follow({ preventDefault: () => event.preventDefault(), detail: { href: links.execution(item.executionArn) } });
                }}
              >
                <span className="unseen">{`${item.name} · ${text.status[item.status]}`}</span>
              </a>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}
