import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { FoundExecution } from '@passo/api';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Problem } from '../../parts/Problem';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { StartExecution } from '../execution/StartExecution';
import { BulkActions } from './BulkActions';
import { ExecutionTable } from './ExecutionTable';
import { Filter } from './Filter';
import type { ExecutionFilter } from './filter';
import { useExecutions } from './useExecutions';

/** Executions of all workflows. What is looked for is in the address. */
export function ExecutionsPage() {
  const { text } = useText();
  usePage([{ text: text.executions.title, href: links.executions() }]);
  const filter: ExecutionFilter = useSearch({ from: '/executions' });
  const navigate = useNavigate();
  const setFilter = (wanted: ExecutionFilter) => void navigate({ to: '/executions', search: wanted });
  const found = useExecutions(filter);
  const [selected, select] = useState<readonly FoundExecution[]>([]);
  const [isStarting, setStarting] = useState(false);
  const executions = useMemo(() => (found.data?.pages ?? []).flatMap((page) => page.executions), [found.data]);
  const lookedAt = (found.data?.pages ?? []).reduce((sum, page) => sum + page.lookedAt, 0);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={text.executions.hint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <BulkActions selected={selected} onDone={() => select([])} />
              <Button variant="primary" iconName="caret-right-filled" onClick={() => setStarting(true)}>
                {text.executions.start}
              </Button>
            </SpaceBetween>
          }
        >
          {text.executions.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {found.error !== null && <Problem error={found.error} onRetry={() => void found.refetch()} />}
        <ExecutionTable
          executions={executions}
          isLoading={found.isPending}
          isFiltered={Object.keys(filter).length > 0}
          onClear={() => setFilter({})}
          selected={selected}
          onSelect={select}
          filter={<Filter filter={filter} onChange={setFilter} executions={executions} />}
          footer={
            found.hasNextPage ? (
              <SpaceBetween direction="horizontal" size="s" alignItems="center">
                <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                  {executions.length === 0 ? text.executions.more : text.common.more}
                </Button>
                <span className="quiet">{text.executions.lookedAt(lookedAt)}</span>
              </SpaceBetween>
            ) : undefined
          }
        />
      </SpaceBetween>
      {isStarting && <StartExecution {...(filter.workflow && { workflow: filter.workflow })} onClose={() => setStarting(false)} />}
    </ContentLayout>
  );
}
