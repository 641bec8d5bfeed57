import type { StateMachineForExecution } from '@passo/api';
import { everyState, type Run, type Scope, type State } from '@passo/graph';
import { useMemo, useState } from 'react';
import { Drawn } from '../../graph/Drawn';
import { Graph } from '../../graph/Graph';
import { usePicture } from '../../graph/usePicture';
import type { RunStore } from '../../live/RunStore';
import { useRunVersion } from '../../live/run';
import { Empty } from '../../parts/Empty';
import { useText } from '../../text';
import { Inspector } from './Inspector';
import { useSelectionKeys } from './keys';
import type { Selection } from './selection';
import { Timeline } from './Timeline';

interface WorkbenchProps {
  readonly scope: Scope | undefined;
  readonly definition: StateMachineForExecution | undefined;
  readonly store: RunStore;
  readonly selection: Selection;
}

/** Picture, inspector and timeline side by side, about one selection. */
export function Workbench({ scope, definition, store, selection }: WorkbenchProps) {
  const { text } = useText();
  const drawn = usePicture(scope);
  useRunVersion(store, 8);
  const { run } = store;
  const [isFollowing, setFollowing] = useState(selection.state === undefined);
  const frontier = frontierOf(run);
  const states = useMemo(() => new Map<string, State>(scope === undefined ? [] : everyState(scope)), [scope]);
  const state = selection.state ?? (isFollowing || run.status !== 'RUNNING' ? frontier : undefined);
  const choose = (name: string | undefined, visit?: number) => {
    setFollowing(false);
    selection.choose(name, visit);
  };
  useSelectionKeys(store, { ...selection, ...(state !== undefined && { state }), choose }, () => {
    setFollowing(true);
    selection.choose(undefined);
  });
  return (
    <div className="split">
      <div className="gwrap">
        {scope !== undefined && (
          <Drawn drawn={drawn}>
            {(picture) => <Graph picture={picture} selected={state} onSelect={choose} focus={state ?? frontier} />}
          </Drawn>
        )}
        {scope === undefined && definition !== undefined && <Empty title={text.execution.noDefinition} />}
      </div>
      <section className="insp" aria-label={text.inspector.title}>
        <Inspector
          store={store}
          name={state}
          state={state === undefined ? undefined : states.get(state)}
          selection={{ ...selection, choose }}
        />
      </section>
      <Timeline store={store} selected={state} visit={selection.visit} onSelect={choose} />
    </div>
  );
}

/** Where an execution stands: what failed, what runs, or what came last. */
function frontierOf(run: Run): string | undefined {
  if (run.failedAt !== undefined) return run.visits[run.failedAt]?.state;
  const open = run.visits.findLast((visit) => visit.exitedAt === undefined && visit.type !== 'Parallel' && visit.type !== 'Map');
  return (open ?? run.visits.findLast((visit) => visit.exitedAt === undefined) ?? run.visits.at(-1))?.state;
}
