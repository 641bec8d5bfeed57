import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import type { Run, Visit } from '@passo/graph';
import { useState } from 'react';
import { Elapsed, Moment } from '../../parts/Elapsed';
import { VisitStatusText } from '../../parts/Status';
import { useText } from '../../text';
import type { Selection } from './selection';

const PAGE = 100;

/** Every visit of a state in a table. */
export function StatesView({ run, selection }: { readonly run: Run; readonly selection: Selection }) {
  const { text } = useText();
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(run.visits.length / PAGE));
  const open = (visit: Visit) => {
    selection.choose(visit.state, visit.index);
  };
  return (
    <div className="pad">
      <Table
        items={run.visits.slice((page - 1) * PAGE, page * PAGE)}
        trackBy={(visit) => String(visit.index)}
        contentDensity="compact"
        stickyHeader
        pagination={
          pages > 1 && (
            <Pagination currentPageIndex={page} pagesCount={pages} onChange={(event) => setPage(event.detail.currentPageIndex)} />
          )
        }
        onRowClick={(event) => open(event.detail.item)}
        empty={text.execution.noStates}
        columnDefinitions={[
          {
            id: 'state',
            header: text.common.state,
            isRowHeader: true,
            cell: (visit) => (
              <span dir="auto" style={{ paddingInlineStart: visit.depth * 14 }}>
                {visit.state} {visit.iteration !== undefined && <small className="quiet">#{visit.iteration}</small>}
              </span>
            ),
          },
          { id: 'type', header: text.common.type, cell: (visit) => visit.type },
          { id: 'status', header: text.common.status, cell: (visit) => <VisitStatusText status={visit.status} /> },
          { id: 'started', header: text.common.started, cell: (visit) => <Moment at={visit.enteredAt} /> },
          { id: 'took', header: text.common.duration, cell: (visit) => <Elapsed from={visit.enteredAt} to={visit.exitedAt} /> },
          { id: 'retries', header: text.inspector.attempts, cell: (visit) => visit.attempts.length || '—' },
          {
            id: 'error',
            header: text.common.error,
            cell: (visit) => (visit.error === undefined ? '—' : <code className="bad">{visit.error}</code>),
          },
        ]}
      />
    </div>
  );
}
