import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { usePending } from '../../live/pending';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { type ApprovalsSearch, readApprovals } from '../../searches';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { assignees, mine } from './assignees';
import { DecidedTable } from './DecidedTable';
import { Decision } from './Decision';
import { PendingItem } from './PendingItem';

/** What executions wait for somebody to decide, and what was decided. */
export function ApprovalsPage() {
  return <Approvals search={useSearch({ from: '/approvals' })} />;
}

/** The same, at one decision: the address that can be mailed. */
export function ApprovalPage() {
  const { id } = useParams({ from: '/approvals/$id' });
  return <Approvals id={id} search={useSearch({ from: '/approvals/$id' })} />;
}

function Approvals({ id, search }: { readonly id?: string; readonly search: ApprovalsSearch }) {
  const { text } = useText();
  const words = text.decide.approvals;
  usePage([{ text: text.approvals.title, href: links.approvals() }]);
  const navigate = useNavigate();
  const pending = usePending();
  const all = pending.data?.tasks ?? [];
  const tasks = mine(all, search.assignee);
  const people = assignees(all);
  const chosen = id ?? tasks[0]?.id;
  const isDecided = search.list === 'decided';
  const choose = (wanted: string) => void navigate({ to: '/approvals/$id', params: { id: wanted }, search });
  const narrow = (changed: Record<string, unknown>) =>
    void navigate({ to: '/approvals', search: readApprovals({ ...search, ...changed }) });
  const options = [{ value: '', label: words.everybody }, ...people.map((value) => ({ value, label: value }))];
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          counter={`(${all.length})`}
          description={text.approvals.hint}
          actions={
            <div className="ap-head">
              {!isDecided && people.length > 0 && (
                <Select
                  ariaLabel={words.assignee}
                  options={options}
                  selectedOption={options.find((option) => option.value === (search.assignee ?? '')) ?? null}
                  onChange={(event) => narrow({ assignee: event.detail.selectedOption.value })}
                />
              )}
              <SegmentedControl
                label={words.lists}
                selectedId={isDecided ? 'decided' : 'pending'}
                options={[
                  { id: 'pending', text: words.pending },
                  { id: 'decided', text: words.decided },
                ]}
                onChange={(event) => narrow({ list: event.detail.selectedId })}
              />
            </div>
          }
        >
          {text.approvals.title}
        </Header>
      }
    >
      {isDecided ? (
        <DecidedTable />
      ) : (
        <>
          {pending.error !== null && <Problem error={pending.error} onRetry={() => void pending.refetch()} />}
          {pending.isPending && <p className="pause">{text.common.loading}</p>}
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
              <div className="apd">{chosen !== undefined && <Decision key={chosen} id={chosen} />}</div>
            </div>
          )}
        </>
      )}
    </ContentLayout>
  );
}
