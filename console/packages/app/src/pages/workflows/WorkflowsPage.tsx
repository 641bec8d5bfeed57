import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { aws } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';

/** The state machines of the account and region. */
export function WorkflowsPage() {
  const { text } = useText();
  const follow = useFollow();
  usePage([{ text: text.workflows.title, href: links.workflows }]);
  const machines = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal) });
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={text.workflows.hint}>
          {text.workflows.title}
        </Header>
      }
    >
      <Table
        items={machines.data?.stateMachines ?? []}
        loading={machines.isPending}
        loadingText={text.common.loading}
        contentDensity="compact"
        empty={<Empty title={text.workflows.empty} hint={text.workflows.emptyHint} />}
        columnDefinitions={[
          {
            id: 'name',
            header: text.common.name,
            isRowHeader: true,
            cell: (machine) => (
              <Link href={links.workflow(machine.stateMachineArn)} onFollow={follow}>
                {machine.name}
              </Link>
            ),
          },
          { id: 'type', header: text.common.type, cell: (machine) => machine.type },
          { id: 'created', header: text.workflows.created, cell: (machine) => <Moment at={machine.creationDate * 1000} /> },
        ]}
      />
    </ContentLayout>
  );
}
