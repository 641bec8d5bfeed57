import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Toggle from '@cloudscape-design/components/toggle';
import { aws, type ExecutionItem, type ExecutionStatus } from '@passo/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';

const SQUARE = 18;
const PAGE = 1000;
const LOOK: Record<ExecutionStatus, string> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
  PENDING_REDRIVE: 'waiting',
};

/** Child executions as a grid of squares; only the rows that can be seen are there. */
export function Children({ mapRunArn, isRunning }: { readonly mapRunArn: string; readonly isRunning: boolean }) {
  const { text, format } = useText();
  const [isFailedOnly, setFailedOnly] = useState(false);
  const found = useInfiniteQuery({
    queryKey: ['children', mapRunArn, isFailedOnly],
    queryFn: ({ pageParam, signal }) =>
      aws(
        'ListExecutions',
        { mapRunArn, maxResults: PAGE, ...(pageParam !== '' && { nextToken: pageParam }), ...(isFailedOnly && { statusFilter: 'FAILED' }) },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextToken,
    refetchInterval: (query) => (isRunning && (query.state.data?.pages.length ?? 0) < 2 ? 2000 : false),
    placeholderData: (before) => before,
  });
  const children = useMemo(() => (found.data?.pages ?? []).flatMap((page) => page.executions), [found.data]);
  return (
    <section className="stack" aria-label={text.mapRuns.children}>
      <Header
        variant="h2"
        counter={`(${format.number(children.length)}${found.hasNextPage ? '+' : ''})`}
        description={text.mapRuns.grid}
        actions={
          <Toggle checked={isFailedOnly} onChange={(event) => setFailedOnly(event.detail.checked)}>
            {text.mapRuns.failedOnly}
          </Toggle>
        }
      >
        {text.mapRuns.children}
      </Header>
      {children.length === 0 && !found.isPending && <p className="quiet">{text.mapRuns.none}</p>}
      <Grid items={children} />
      {found.hasNextPage && (
        <div>
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {text.common.more}
          </Button>
        </div>
      )}
    </section>
  );
}

function Grid({ items }: { readonly items: readonly ExecutionItem[] }) {
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
  const columns = Math.max(1, Math.floor((width - 8) / SQUARE));
  const rows = useVirtualizer({
    count: Math.ceil(items.length / columns),
    getScrollElement: () => box.current,
    estimateSize: () => SQUARE,
    overscan: 8,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys.
    <section className="grid" ref={box} tabIndex={0} aria-label={text.mapRuns.grid}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => (
          <div key={row.key} className="gridrow" style={{ transform: `translateY(${row.start}px)` }}>
            {items.slice(row.index * columns, (row.index + 1) * columns).map((item) => (
              <a
                key={item.executionArn}
                className={`square ${LOOK[item.status]}`}
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
