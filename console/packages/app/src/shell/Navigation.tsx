import Badge from '@cloudscape-design/components/badge';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useRouterState } from '@tanstack/react-router';
import { usePending } from '../live/pending';
import { useText } from '../text';
import { useFollow } from './follow';
import { links } from './links';

export function Navigation({ onFollow }: { readonly onFollow: () => void }) {
  const { text } = useText();
  const follow = useFollow();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const pending = usePending().data?.tasks.length ?? 0;
  const badge = pending > 0 ? <Badge color="red">{pending}</Badge> : undefined;
  const link = (name: string, href: string) => ({ type: 'link' as const, text: name, href });
  return (
    <SideNavigation
      activeHref={sectionOf(path)}
      onFollow={(event) => {
        follow(event);
        onFollow();
      }}
      items={[
        link(text.nav.home, links.home),
        link(text.nav.workflows, links.workflows),
        link(text.nav.executions, links.executions()),
        { ...link(text.nav.approvals, links.approvals()), ...(badge && { info: badge }) },
        link(text.nav.failures, links.failures),
        link(text.nav.mapRuns, links.mapRuns()),
        link(text.nav.activities, links.activities),
        link(text.nav.cost, links.cost()),
        { type: 'divider' },
        link(text.nav.play, links.play()),
        link(text.nav.testState, links.test()),
        link(text.nav.settings, links.settings),
      ]}
    />
  );
}

/** The page of the navigation that an address belongs to. */
function sectionOf(path: string): string {
  const section = path.replace(/^\/console/, '').split('/')[1] ?? '';
  if (section === 'new') return links.workflows;
  return section === '' ? links.home : `/console/${section}`;
}
