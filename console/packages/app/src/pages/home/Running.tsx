import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import type { FoundExecution } from '@passo/api';
import { workflowOf } from '../../parts/arn';
import { Command } from '../../parts/Copy';
import { Elapsed } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';

const SHOWN = 6;

interface RunningProps {
  readonly executions: readonly FoundExecution[];
  readonly count: string;
  readonly isLoading: boolean;
}

/** What runs now, the newest first. */
export function Running({ executions, count, isLoading }: RunningProps) {
  const { text } = useText();
  const follow = useFollow();
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={executions.length === 0 ? '' : `(${count})`}
          actions={
            <Button href={links.executions({ status: 'RUNNING' })} onFollow={follow}>
              {text.home.allExecutions}
            </Button>
          }
        >
          {text.see.home.runs}
        </Header>
      }
    >
      {isLoading && <p className="quiet">{text.common.loading}</p>}
      {!isLoading && executions.length === 0 && (
        <Empty title={text.see.home.noRuns} hint={text.see.home.noRunsHint}>
          <Command line="passo start WORKFLOW --input '{}'" />
        </Empty>
      )}
      <ul className="home-list">
        {executions.slice(0, SHOWN).map((execution) => (
          <li key={execution.executionArn}>
            <span className="home-what">
              <Link href={links.execution(execution.executionArn)} onFollow={follow}>
                <span dir="auto">{execution.name}</span>
              </Link>
              <small className="quiet">{workflowOf(execution.executionArn)}</small>
            </span>
            <small className="quiet">
              <Elapsed from={Date.parse(execution.startDate)} />
            </small>
          </li>
        ))}
      </ul>
    </Container>
  );
}
