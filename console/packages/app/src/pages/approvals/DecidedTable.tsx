import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { Outcome, useWho } from './Made';
import { useDecisions } from './useDecisions';

/** What was decided: by whom, when, and why. */
export function DecidedTable() {
  const { text } = useText();
  const follow = useFollow();
  const who = useWho();
  const words = text.decide.approvals;
  const found = useDecisions({});
  if (found.error !== null) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <Table
      items={found.data?.decisions ?? []}
      trackBy={(one) => one.task + one.at}
      loading={found.isPending}
      loadingText={text.common.loading}
      contentDensity="compact"
      wrapLines
      empty={<Empty title={words.noDecided} hint={words.noDecidedHint} />}
      columnDefinitions={[
        { id: 'at', header: words.at, cell: (one) => <Moment at={Date.parse(one.at)} /> },
        { id: 'what', header: words.what, minWidth: 130, cell: (one) => <Outcome decision={one} /> },
        { id: 'by', header: words.by, minWidth: 150, cell: (one) => <span dir="auto">{who(one)}</span> },
        {
          id: 'state',
          header: text.common.state,
          isRowHeader: true,
          cell: (one) => (
            <Link href={links.execution(one.executionArn, { state: one.state })} onFollow={follow}>
              {one.state}
            </Link>
          ),
        },
        {
          id: 'execution',
          header: text.common.execution,
          cell: (one) => (
            <Link href={links.execution(one.executionArn)} onFollow={follow}>
              {one.executionName}
            </Link>
          ),
        },
        { id: 'workflow', header: text.common.workflow, cell: (one) => one.workflow },
        { id: 'why', header: words.reason, minWidth: 160, cell: (one) => <span dir="auto">{one.reason ?? one.cause ?? '—'}</span> },
      ]}
    />
  );
}
