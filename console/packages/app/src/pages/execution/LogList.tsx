import type { LogRecord } from '@passo/api';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type UIEvent, useEffect, useRef, useState } from 'react';
import { Json } from '../../parts/Json';
import { useText } from '../../text';
import { brief } from './records';

interface LogListProps {
  readonly records: readonly LogRecord[];
  readonly stateOf: (record: LogRecord) => string | undefined;
  /** Goes to the state of a record. */
  readonly onGo: ((record: LogRecord) => void) | undefined;
  readonly isLive: boolean;
  readonly empty: string;
}

const ROW = 28;
/** So close to its end, a list stays there when more comes. */
const NEAR = 60;

/** Log records, a line each, and one of them whole. Only the lines that can be seen are there. */
export function LogList({ records, stateOf, onGo, isLive, empty }: LogListProps) {
  const { text, format } = useText();
  const [opened, open] = useState<LogRecord>();
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const rows = useVirtualizer({ count: records.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 20 });
  useEffect(() => {
    if (isLive && isAtEnd.current && records.length > 0) rows.scrollToIndex(records.length - 1);
  }, [records.length, isLive, rows]);
  const scrolled = (event: UIEvent<HTMLElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
  };
  if (records.length === 0) return <p className="pause">{empty}</p>;
  const isOpen = (record: LogRecord) => opened !== undefined && opened.at === record.at && opened.message === record.message;
  return (
    <div className="logs-body">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys. */}
      <section className="logs-list" ref={box} tabIndex={0} aria-label={text.see.logs.title} onScroll={scrolled}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => {
            const record = records[row.index];
            if (record === undefined) return null;
            const state = stateOf(record);
            return (
              <div key={row.key} className={isOpen(record) ? 'log on' : 'log'} style={{ transform: `translateY(${row.start}px)` }}>
                <button type="button" aria-expanded={isOpen(record)} onClick={() => open(isOpen(record) ? undefined : record)}>
                  <span className="figures quiet">{format.clock(Date.parse(record.at))}</span>
                  <span className={`log-from ${record.source}`}>{record.function ?? text.see.logs.own}</span>
                  <span
                    dir="auto"
                    className={/Failed|TimedOut|Aborted|\bERROR\b/.test(record.type ?? record.message) ? 'log-text bad' : 'log-text'}
                  >
                    {brief(record)}
                  </span>
                </button>
                {state !== undefined && onGo !== undefined && (
                  <button type="button" className="log-go" title={text.see.logs.toState(state)} onClick={() => onGo(record)}>
                    <span className="unseen">{text.see.logs.toState(state)}</span>
                    <span aria-hidden dir="auto">
                      {state} →
                    </span>
                  </button>
                )}
              </div>
            );
          })}
        </div>
      </section>
      {opened !== undefined && (
        <section className="logs-one" aria-label={text.see.logs.record}>
          <p className="quiet">
            <code>{opened.logGroup}</code> · <code>{opened.logStream}</code>
            {opened.cut === true && ` · ${text.see.logs.cut}`}
          </p>
          <Json text={opened.message} label={text.see.logs.record} />
        </section>
      )}
    </div>
  );
}
