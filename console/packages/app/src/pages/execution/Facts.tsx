import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Link from '@cloudscape-design/components/link';
import type { Execution } from '@passo/api';
import type { ReactNode } from 'react';
import type { RunStore } from '../../live/RunStore';
import { nameOf, qualifierOf, workflowOf } from '../../parts/arn';
import { Elapsed, Moment } from '../../parts/Elapsed';
import { ExecutionStatusText } from '../../parts/Status';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { Actions } from './Actions';
import { CostFact } from './CostFact';
import { FamilyFact } from './FamilyFact';
import { MapRunFact } from './MapRunFact';

interface FactsProps {
  readonly execution: Execution | undefined;
  readonly store: RunStore;
  readonly arn: string;
  readonly onAnew: () => void;
}

/** One row: what the execution is and how it stands. */
export function Facts({ execution, store, arn, onAnew }: FactsProps) {
  const { text, format } = useText();
  const follow = useFollow();
  const { run } = store;
  const status =
    execution === undefined
      ? undefined
      : store.status === undefined
        ? execution.status
        : run.status === 'RUNNING'
          ? execution.status
          : run.status;
  const started = execution === undefined ? run.startedAt : execution.startDate * 1000;
  const stopped =
    status === 'RUNNING' ? undefined : (run.stoppedAt ?? (execution?.stopDate === undefined ? undefined : execution.stopDate * 1000));
  const version = qualifierOf(execution?.stateMachineAliasArn ?? execution?.stateMachineVersionArn);
  const redrives = execution?.redriveCount ?? 0;
  const workflow = workflowOf(arn);
  return (
    <div className="wbh">
      <div className="wbt">
        <h1 title={nameOf(arn)}>
          <span dir="auto">{nameOf(arn)}</span>
          {store.stream === 'live' && <span className="tag run">{text.execution.live}</span>}
          {store.stream === 'lost' && <span className="tag warn">{text.execution.lost}</span>}
        </h1>
        <CopyToClipboard
          variant="inline"
          textToCopy={arn}
          textToDisplay={shortened(arn)}
          copyButtonAriaLabel={text.common.copyArn}
          copySuccessText={text.common.copied}
          copyErrorText={text.common.copyFailed}
        />
      </div>
      <dl className="facts">
        <Fact name={text.common.status}>{status !== undefined && <ExecutionStatusText status={status} />}</Fact>
        <Fact name={text.common.workflow}>
          <Link href={links.workflow(workflow)} onFollow={follow}>
            {workflow}
          </Link>
          {version !== undefined && <small> · {version}</small>}
        </Fact>
        <Fact name={text.common.started}>{started !== undefined && <Moment at={started} />}</Fact>
        <Fact name={text.common.duration}>{started !== undefined && <Elapsed from={started} to={stopped} />}</Fact>
        <Fact name={text.execution.transitions}>{format.number(run.transitions)}</Fact>
        {execution !== undefined && <CostFact arn={arn} transitions={run.transitions} />}
        {redrives > 0 && <Fact name={text.execution.redrive}>{text.execution.redriven(redrives)}</Fact>}
        <MapRunFact store={store} parent={execution?.mapRunArn} />
        {execution !== undefined && (
          <FamilyFact
            arn={arn}
            isOver={status !== 'RUNNING'}
            started={run.visits.reduce((sum, visit) => sum + visit.attempts.filter((attempt) => attempt.child !== undefined).length, 0)}
          />
        )}
      </dl>
      <Actions arn={arn} execution={execution} status={status} onAnew={onAnew} store={store} />
    </div>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function shortened(arn: string): string {
  return `…:${arn.split(':').slice(5).join(':')}`;
}
