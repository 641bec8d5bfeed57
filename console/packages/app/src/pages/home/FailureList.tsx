import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { useFailures } from '../failures/useFailures';

const SHOWN = 6;

/** What failed most in the last day. */
export function FailureList() {
  const { text, format } = useText();
  const follow = useFollow();
  const failures = useFailures('24h');
  const groups = failures.data?.groups ?? [];
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={groups.length === 0 ? '' : `(${format.number(groups.reduce((sum, group) => sum + group.count, 0))})`}
          actions={
            <Button href={links.failures} onFollow={follow}>
              {text.home.allFailures}
            </Button>
          }
        >
          {text.see.home.wrong}
        </Header>
      }
    >
      {failures.error !== null && <Problem error={failures.error} onRetry={() => void failures.refetch()} />}
      {failures.isPending && <p className="quiet">{text.common.loading}</p>}
      {failures.data !== undefined && groups.length === 0 && <Empty title={text.see.home.wellTitle} hint={text.see.home.wellHint} />}
      <ul className="home-list">
        {groups.slice(0, SHOWN).map((group) => (
          <li key={[group.stateMachineArn, group.version, group.error, group.state].join('\n')}>
            <span className="home-what">
              <Link
                href={links.executions({ status: 'FAILED,TIMED_OUT', workflow: group.workflow, error: group.error, since: '24h' })}
                onFollow={follow}
              >
                <span dir="auto">{group.error}</span>
              </Link>
              <small className="quiet" dir="auto">
                {[group.workflow, group.version, group.state].filter((part) => part !== undefined).join(' · ')}
              </small>
            </span>
            <b className="figures bad">{text.see.home.times(group.count)}</b>
          </li>
        ))}
        {groups.length > SHOWN && <li className="quiet">{text.see.home.more(groups.length - SHOWN)}</li>}
      </ul>
    </Container>
  );
}
