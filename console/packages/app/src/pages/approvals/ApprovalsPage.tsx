import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePending } from '../../live/pending';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { Decision } from './Decision';
import { PendingItem } from './PendingItem';

/** What executions wait for somebody to decide. */
export function ApprovalsPage() {
  const { text } = useText();
  usePage([{ text: text.approvals.title, href: links.approvals() }]);
  const { id } = useSearch({ from: '/approvals' });
  const navigate = useNavigate();
  const choose = (wanted: string | undefined) => void navigate({ to: '/approvals', search: wanted === undefined ? {} : { id: wanted } });
  const pending = usePending();
  const tasks = pending.data?.tasks ?? [];
  const chosen = id ?? tasks[0]?.id;
  return (
    <ContentLayout
      header={
        <Header variant="h1" counter={`(${tasks.length})`} description={text.approvals.hint}>
          {text.approvals.title}
        </Header>
      }
    >
      {pending.error !== null && <Problem error={pending.error} onRetry={() => void pending.refetch()} />}
      {pending.data !== undefined && tasks.length === 0 && id === undefined && (
        <Empty title={text.approvals.empty} hint={text.approvals.emptyHint} />
      )}
      {(tasks.length > 0 || id !== undefined) && (
        <div className="ap">
          <nav className="apl" aria-label={text.approvals.title}>
            {tasks.map((task) => (
              <PendingItem key={task.id} task={task} isChosen={task.id === chosen} onChoose={() => choose(task.id)} />
            ))}
          </nav>
          <div className="apd">{chosen !== undefined && <Decision key={chosen} id={chosen} onDone={() => choose(undefined)} />}</div>
        </div>
      )}
    </ContentLayout>
  );
}
