import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { Empty } from '../../parts/Empty';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { useFailures } from '../failures/useFailures';

const SHOWN = 8;

/** What failed most in the last day. */
export function FailureList() {
  const { text, format } = useText();
  const follow = useFollow();
  const failures = useFailures('24h');
  return (
    <Table
      items={(failures.data?.groups ?? []).slice(0, SHOWN)}
      loading={failures.isPending}
      loadingText={text.common.loading}
      contentDensity="compact"
      wrapLines={false}
      header={
        <Header
          variant="h2"
          actions={
            <Button href={links.failures} onFollow={follow}>
              {text.home.allFailures}
            </Button>
          }
        >
          {text.see.home.wrong}
        </Header>
      }
      empty={<Empty title={text.see.home.wellTitle} hint={text.see.home.wellHint} />}
      columnDefinitions={[
        {
          id: 'error',
          header: text.common.error,
          isRowHeader: true,
          maxWidth: 260,
          cell: (group) => (
            <Link
              href={links.executions({ status: 'FAILED,TIMED_OUT', workflow: group.workflow, error: group.error, since: '24h' })}
              onFollow={follow}
            >
              {group.error}
            </Link>
          ),
        },
        { id: 'where', header: text.common.state, maxWidth: 240, cell: (group) => <span dir="auto">{group.state ?? '—'}</span> },
        {
          id: 'workflow',
          header: text.common.workflow,
          cell: (group) => (
            <>
              {group.workflow}
              {group.version !== undefined && <small className="quiet"> · {group.version}</small>}
            </>
          ),
        },
        { id: 'count', header: text.failures.count, cell: (group) => format.number(group.count) },
      ]}
    />
  );
}
