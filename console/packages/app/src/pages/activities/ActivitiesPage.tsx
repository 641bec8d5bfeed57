import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { type Activity, admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Command, Copy } from '../../parts/Copy';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { CreateActivity } from './CreateActivity';
import { DeleteActivity } from './DeleteActivity';

/** Activities: who asks for their tasks, and what waits. */
export function ActivitiesPage() {
  const { text, format } = useText();
  const follow = useFollow();
  const words = text.decide.activities;
  usePage([{ text: words.title, href: links.activities }]);
  const [isCreating, setCreating] = useState(false);
  const [removed, remove] = useState<Activity>();
  const found = useQuery({
    queryKey: ['activities'],
    queryFn: ({ signal }) => admin('activities', { signal }),
    refetchInterval: 5000,
  });
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={words.hint}
          actions={
            <Button variant="primary" onClick={() => setCreating(true)}>
              {words.create}
            </Button>
          }
        >
          {words.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {found.error !== null && <Problem error={found.error} onRetry={() => void found.refetch()} />}
        <Table
          items={found.data?.activities ?? []}
          trackBy="activityArn"
          loading={found.isPending}
          loadingText={text.common.loading}
          contentDensity="compact"
          empty={
            <Empty title={words.empty} hint={words.emptyHint}>
              <Command line="passo activity create NAME" />
            </Empty>
          }
          columnDefinitions={[
            {
              id: 'name',
              header: text.common.name,
              isRowHeader: true,
              cell: (one) => (
                <span>
                  {one.name} <Copy text={one.activityArn} label={text.common.copyArn} />
                </span>
              ),
            },
            { id: 'pollers', header: words.pollers, cell: (one) => <span className="figures">{format.number(one.pollers)}</span> },
            {
              id: 'waiting',
              header: words.waiting,
              cell: (one) =>
                one.waiting + one.taken === 0 ? (
                  <span className="figures">0</span>
                ) : (
                  <Link href={links.approvals()} onFollow={follow} ariaLabel={`${format.number(one.waiting)}, ${words.show}: ${one.name}`}>
                    {format.number(one.waiting)}
                  </Link>
                ),
            },
            { id: 'taken', header: words.taken, cell: (one) => <span className="figures">{format.number(one.taken)}</span> },
            { id: 'workers', header: words.workers, cell: (one) => <span dir="auto">{[...new Set(one.workers)].join(', ') || '—'}</span> },
            {
              id: 'oldest',
              header: words.oldest,
              cell: (one) => (one.oldest === undefined ? '—' : <Moment at={Date.parse(one.oldest)} />),
            },
            {
              id: 'created',
              header: words.created,
              cell: (one) => (one.creationDate === undefined ? '—' : <Moment at={one.creationDate * 1000} />),
            },
            {
              id: 'remove',
              header: text.common.actions,
              cell: (one) => (
                <Button variant="inline-link" ariaLabel={`${words.remove} ${one.name}`} onClick={() => remove(one)}>
                  {words.remove}
                </Button>
              ),
            },
          ]}
        />
      </SpaceBetween>
      {isCreating && <CreateActivity onClose={() => setCreating(false)} />}
      {removed !== undefined && <DeleteActivity activity={removed} onClose={() => remove(undefined)} />}
    </ContentLayout>
  );
}
