import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { FailureGroup } from '@passo/api';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { RedriveGroup } from './RedriveGroup';
import { useFailures } from './useFailures';

export const PERIODS = ['1h', '24h', '7d'] as const;

/** Failures of all workflows, in groups. */
export function FailuresPage() {
  const { text } = useText();
  const follow = useFollow();
  usePage([{ text: text.failures.title, href: links.failures }]);
  const { since = '24h' } = useSearch({ from: '/failures' });
  const navigate = useNavigate();
  const failures = useFailures(since);
  const [asked, ask] = useState<FailureGroup>();
  const periods: Record<(typeof PERIODS)[number], string> = {
    '1h': text.failures.hours(1),
    '24h': text.failures.hours(24),
    '7d': text.failures.days(7),
  };
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={text.failures.hint}
          actions={
            <SegmentedControl
              label={text.failures.since}
              selectedId={since}
              options={PERIODS.map((id) => ({ id, text: periods[id] }))}
              onChange={(event) => void navigate({ to: '/failures', search: { since: event.detail.selectedId } })}
            />
          }
        >
          {text.failures.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {failures.error !== null && <Problem error={failures.error} onRetry={() => void failures.refetch()} />}
        <Table
          items={failures.data?.groups ?? []}
          loading={failures.isPending}
          loadingText={text.common.loading}
          contentDensity="compact"
          wrapLines={false}
          empty={<Empty title={text.failures.empty} />}
          footer={
            failures.data && (
              <span className="quiet">
                {text.failures.lookedAt(failures.data.lookedAt)}
                {!failures.data.complete && ` · ${text.failures.partial}`}
              </span>
            )
          }
          columnDefinitions={[
            {
              id: 'error',
              header: text.common.error,
              isRowHeader: true,
              maxWidth: 420,
              cell: (group) => (
                <span title={group.cause}>
                  <code className="bad">{group.error}</code> <small className="quiet">{group.cause?.slice(0, 140)}</small>
                </span>
              ),
            },
            {
              id: 'workflow',
              header: text.common.workflow,
              cell: (group) => (
                <Link href={links.workflow(group.stateMachineArn)} onFollow={follow}>
                  {group.workflow}
                </Link>
              ),
            },
            { id: 'state', header: text.common.state, cell: (group) => <span dir="auto">{group.state ?? '—'}</span> },
            { id: 'version', header: text.common.version, cell: (group) => group.version ?? '—' },
            {
              id: 'count',
              header: text.failures.count,
              cell: (group) => (
                <Link
                  href={links.executions({ status: 'FAILED,TIMED_OUT', workflow: group.workflow, error: group.error, since })}
                  onFollow={follow}
                >
                  {group.count}
                </Link>
              ),
            },
            { id: 'last', header: text.failures.last, cell: (group) => <Moment at={Date.parse(group.last)} /> },
            {
              id: 'example',
              header: text.common.example,
              cell: (group) =>
                group.examples[0] === undefined ? (
                  '—'
                ) : (
                  <Link
                    href={links.execution(group.examples[0], group.state === undefined ? {} : { state: group.state })}
                    onFollow={follow}
                  >
                    {group.examples[0].split(':').at(-1)}
                  </Link>
                ),
            },
            {
              id: 'redrive',
              header: text.execution.redrive,
              cell: (group) =>
                group.redrivable.length > 0 && (
                  <Button variant="inline-link" onClick={() => ask(group)}>
                    {text.failures.redrive(group.redrivable.length)}
                  </Button>
                ),
            },
          ]}
        />
      </SpaceBetween>
      {asked !== undefined && <RedriveGroup group={asked} onClose={() => ask(undefined)} />}
    </ContentLayout>
  );
}
