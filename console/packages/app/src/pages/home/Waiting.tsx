import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import { useNow } from '../../live/now';
import { usePending } from '../../live/pending';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';

const SHOWN = 6;

/** What waits for somebody, the longest first. */
export function Waiting() {
  const { text, format } = useText();
  const follow = useFollow();
  const now = useNow();
  const pending = usePending();
  const tasks = pending.data?.tasks ?? [];
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={tasks.length === 0 ? '' : `(${format.number(tasks.length)})`}
          actions={
            <Button href={links.approvals()} onFollow={follow}>
              {text.nav.approvals}
            </Button>
          }
        >
          {text.see.home.waits}
        </Header>
      }
    >
      {pending.error !== null && <Problem error={pending.error} onRetry={() => void pending.refetch()} />}
      {pending.isPending && <p className="quiet">{text.common.loading}</p>}
      {pending.data !== undefined && tasks.length === 0 && <Empty title={text.see.home.noWaits} hint={text.see.home.noWaitsHint} />}
      <ul className="home-list">
        {tasks.slice(0, SHOWN).map((task) => (
          <li key={task.id}>
            <span className="home-what">
              <Link href={links.approvals(task.id)} onFollow={follow}>
                <span dir="auto">{task.state}</span>
              </Link>
              <small className="quiet" dir="auto">
                {task.workflow} · {task.executionName}
              </small>
            </span>
            <small className="quiet figures">{text.see.home.since(format.duration(now - Date.parse(task.since)))}</small>
          </li>
        ))}
        {tasks.length > SHOWN && <li className="quiet">{text.see.home.more(tasks.length - SHOWN)}</li>}
      </ul>
    </Container>
  );
}
