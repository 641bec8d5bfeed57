import Link from '@cloudscape-design/components/link';
import type { RunStore } from '../../live/RunStore';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { Fact } from './Facts';

/** The way to the Map run that an execution is a child of, and to those that it has started. */
export function MapRunFact({ store, parent }: { readonly store: RunStore; readonly parent: string | undefined }) {
  const { text } = useText();
  const follow = useFollow();
  const started = store.run.visits.flatMap((visit) => visit.mapRunArn ?? []);
  const shown = parent === undefined ? started.slice(-1) : [parent];
  return shown.map((arn) => (
    <Fact key={arn} name={parent === undefined ? text.execution.mapRun : text.execution.parent}>
      <Link href={links.mapRun(arn)} onFollow={follow}>
        {parent === undefined ? text.inspector.mapRun : text.mapRuns.title}
      </Link>
    </Fact>
  ));
}
