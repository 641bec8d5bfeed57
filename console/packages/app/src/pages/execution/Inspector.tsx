import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { type State, shortResource, standalone, type Visit } from '@passo/graph';
import type { RunStore } from '../../live/RunStore';
import { useRunVersion } from '../../live/run';
import { Elapsed } from '../../parts/Elapsed';
import { Json } from '../../parts/Json';
import { pretty } from '../../parts/json';
import { VisitStatusText } from '../../parts/Status';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { DecisionsOfState } from '../approvals/DecisionsOfState';
import { AttemptList } from './AttemptList';
import { Io } from './Io';
import { LogsView } from './LogsView';
import type { Selection } from './selection';
import { Variables } from './Variables';
import { VisitEvents } from './VisitEvents';

interface InspectorProps {
  readonly store: RunStore;
  readonly name: string | undefined;
  readonly state: State | undefined;
  readonly selection: Selection;
}

/** Everything about one visit of one state. */
export function Inspector({ store, name, state, selection }: InspectorProps) {
  const { text } = useText();
  const follow = useFollow();
  useRunVersion(store, 4);
  if (name === undefined) return <p className="pause">{text.inspector.nothing}</p>;
  const visits = store.fold.visits(name);
  const visit = visits.find((one) => one.index === selection.visit) ?? visits.at(-1);
  const errors = visit?.attempts.filter((attempt) => attempt.error !== undefined).length ?? 0;
  const child = visit?.attempts.at(-1)?.child;
  const tabs = [
    ...(visit === undefined
      ? []
      : [
          { id: 'io', label: text.inspector.tabs.io, content: <Io visit={visit} /> },
          {
            id: 'events',
            label: `${text.inspector.tabs.events} (${visit.events.length})`,
            content: <VisitEvents store={store} visit={visit} />,
          },
          {
            id: 'errors',
            label: errors > 0 ? `${text.inspector.tabs.errors} (${errors})` : text.inspector.tabs.errors,
            content: <AttemptList visit={visit} />,
          },
          { id: 'variables', label: text.inspector.tabs.variables, content: <Variables run={store.run} visit={visit} /> },
          {
            id: 'logs',
            label: text.see.logs.title,
            content: <LogsView arn={store.executionArn} store={store} selection={selection} state={name} />,
          },
        ]),
    {
      id: 'definition',
      label: text.inspector.tabs.definition,
      content: <Json label={text.inspector.tabs.definition} text={JSON.stringify(state ?? {})} />,
    },
  ];
  const shown = tabs.find((tab) => tab.id === selection.tab) ?? tabs[0];
  return (
    <SpaceBetween size="s">
      <div>
        <h2 dir="auto">{name}</h2>
        <span className="quiet">
          {state?.Type ?? visit?.type}{' '}
          {state?.Resource !== undefined && <code title={state.Resource}>{shortResource(state.Resource)}</code>}
        </span>
      </div>
      {visit === undefined ? (
        <p className="quiet">{text.inspector.notReached}</p>
      ) : (
        <div className="visit">
          <VisitStatusText status={visit.status} />
          <span>
            <Elapsed from={visit.enteredAt} to={visit.exitedAt} />
          </span>
          {visit.attempts.length > 1 && <span>{text.execution.retries(visit.attempts.length - 1)}</span>}
          {visit.iteration !== undefined && <span>{text.inspector.iteration(visit.iteration)}</span>}
          <VisitSwitch visits={visits} visit={visit} onChange={(index) => selection.choose(name, index)} />
        </div>
      )}
      {visit?.error !== undefined && (
        <p className="fault" dir="auto">
          <code>{visit.error}</code> {visit.cause}
        </p>
      )}
      <SpaceBetween direction="horizontal" size="xs">
        {visit?.mapRunArn !== undefined && (
          <Link href={links.mapRun(visit.mapRunArn)} onFollow={follow}>
            {text.inspector.mapRun}
          </Link>
        )}
        {child !== undefined && (
          <Link href={links.execution(child)} onFollow={follow}>
            {text.inspector.child}
          </Link>
        )}
        {state !== undefined && visit?.input !== undefined && (
          <Link href={links.test({ definition: JSON.stringify(standalone(state), null, 2), input: pretty(visit.input) })} onFollow={follow}>
            {text.inspector.test}
          </Link>
        )}
        {visit?.status === 'waiting' && (
          <Button variant="primary" href={links.approvals()} onFollow={follow}>
            {text.inspector.decide}
          </Button>
        )}
      </SpaceBetween>
      {visit !== undefined && state?.Type === 'Task' && <DecisionsOfState execution={store.executionArn} state={name} />}
      <Tabs
        tabs={tabs}
        activeTabId={shown?.id ?? 'definition'}
        onChange={(event) => selection.setTab(event.detail.activeTabId)}
        ariaLabel={text.inspector.title}
      />
    </SpaceBetween>
  );
}

function VisitSwitch({
  visits,
  visit,
  onChange,
}: {
  readonly visits: readonly Visit[];
  readonly visit: Visit;
  readonly onChange: (index: number) => void;
}) {
  const { text } = useText();
  if (visits.length < 2) return null;
  const at = visits.indexOf(visit);
  const [before, after] = [visits[at - 1], visits[at + 1]];
  return (
    <span className="visits">
      <Button
        variant="inline-icon"
        iconName="angle-left"
        ariaLabel={text.inspector.previous}
        disabled={before === undefined}
        onClick={() => before && onChange(before.index)}
      />
      {text.inspector.visit(at + 1, visits.length)}
      <Button
        variant="inline-icon"
        iconName="angle-right"
        ariaLabel={text.inspector.next}
        disabled={after === undefined}
        onClick={() => after && onChange(after.index)}
      />
    </span>
  );
}
