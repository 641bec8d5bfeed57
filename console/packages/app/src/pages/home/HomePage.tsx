import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { ExecutionTable } from '../executions/ExecutionTable';
import { useExecutions } from '../executions/useExecutions';

/** What runs, what failed, and what waits for somebody. */
export function HomePage() {
  const { text } = useText();
  usePage([{ text: text.home.title, href: links.home }]);
  const latest = useExecutions({}, 10);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={text.home.hint}>
          {text.home.title}
        </Header>
      }
    >
      <ExecutionTable
        executions={latest.data?.pages[0]?.executions ?? []}
        isLoading={latest.isPending}
        header={<Header variant="h2">{text.home.recent}</Header>}
      />
    </ContentLayout>
  );
}
