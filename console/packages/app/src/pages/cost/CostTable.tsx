import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import type { WorkflowCost } from '@passo/api';
import { Empty } from '../../parts/Empty';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { Other } from './Other';

interface CostTableProps {
  readonly workflows: readonly WorkflowCost[];
  readonly isLoading: boolean;
}

/** What each workflow costs, the dearest first. */
export function CostTable({ workflows, isLoading }: CostTableProps) {
  const { text, format } = useText();
  const follow = useFollow();
  const words = text.decide.cost;
  const items = [...workflows].sort((one, other) => other.bill.total - one.bill.total);
  return (
    <Table
      wrapLines
      items={items}
      trackBy="stateMachineArn"
      loading={isLoading}
      loadingText={text.common.loading}
      contentDensity="compact"
      empty={<Empty title={words.empty} hint={words.emptyHint} />}
      columnDefinitions={[
        {
          id: 'workflow',
          header: text.common.workflow,
          isRowHeader: true,
          cell: (one) => (
            <Link href={links.workflow(one.stateMachineArn)} onFollow={follow}>
              {one.workflow}
            </Link>
          ),
        },
        { id: 'type', header: text.common.type, cell: (one) => one.type },
        {
          id: 'executions',
          header: words.executions,
          cell: (one) => (
            <span className="figures" title={words.read(one.read, one.executions)}>
              {format.number(one.executions)}
            </span>
          ),
        },
        {
          id: 'used',
          header: `${words.transitions} / ${words.express}`,
          cell: (one) => (
            <span className="figures">{format.number(one.type === 'STANDARD' ? one.usage.transitions : one.usage.expressGbSeconds)}</span>
          ),
        },
        { id: 'lambda', header: words.lambda, cell: (one) => format.dollars(one.bill.lambdaRequests + one.bill.lambdaDuration) },
        { id: 'cost', header: words.cost, cell: (one) => <b className="figures">{format.dollars(one.bill.total)}</b> },
        { id: 'other', header: words.other, minWidth: 200, cell: (one) => <Other costs={one} /> },
      ]}
    />
  );
}
