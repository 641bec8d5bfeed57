import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { aws } from '@passo/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { nameOf } from '../../parts/arn';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { Empty } from '../../parts/Empty';
import { Problem } from '../../parts/Problem';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';
import { AliasRouting } from './AliasRouting';
import type { Alias } from './routing';

/** The aliases of a workflow, and where each leads. */
export function Aliases({ arn }: { readonly arn: string }) {
  const { text, format } = useText();
  const words = text.build.routing;
  const queries = useQueryClient();
  const [edited, edit] = useState<Alias | 'new'>();
  const [removed, remove] = useState<Alias>();
  const aliases = useQuery({
    queryKey: ['aliases', arn],
    queryFn: async ({ signal }) => {
      const listed = await aws('ListStateMachineAliases', { stateMachineArn: arn, maxResults: 100 }, signal);
      return Promise.all(
        listed.stateMachineAliases.map(({ stateMachineAliasArn }) => aws('DescribeStateMachineAlias', { stateMachineAliasArn }, signal)),
      );
    },
  });
  const changed = () => queries.invalidateQueries({ queryKey: ['aliases', arn] });
  return (
    <>
      {aliases.error !== null && <Problem error={aliases.error} />}
      <Table
        items={aliases.data ?? []}
        loading={aliases.isPending}
        loadingText={text.common.loading}
        contentDensity="compact"
        empty={<Empty title={text.workflow.noAliases} />}
        footer={<Button onClick={() => edit('new')}>{words.create}</Button>}
        columnDefinitions={[
          { id: 'name', header: text.common.name, isRowHeader: true, cell: (alias) => alias.name },
          {
            id: 'routing',
            header: text.workflow.routing,
            cell: (alias) =>
              alias.routingConfiguration
                .map((route) => `${nameOf(route.stateMachineVersionArn)}: ${format.percent(route.weight / 100)}`)
                .join(' · '),
          },
          {
            id: 'actions',
            header: words.actions,
            cell: (alias) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="inline-link" ariaLabel={words.edit(alias.name)} onClick={() => edit(alias)}>
                  {words.change}
                </Button>
                <Button variant="inline-link" ariaLabel={`${words.remove}: ${alias.name}`} onClick={() => remove(alias)}>
                  {words.remove}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {edited !== undefined && (
        <AliasRouting arn={arn} alias={edited === 'new' ? undefined : edited} onSaved={changed} onClose={() => edit(undefined)} />
      )}
      {removed !== undefined && (
        <Confirm
          title={`${words.remove}: ${removed.name}`}
          hint={words.removeHint}
          action={words.remove}
          command={`passo machine alias delete ${quoted(`${nameOf(arn)}:${removed.name}`)}`}
          onClose={() => remove(undefined)}
          onConfirm={async () => {
            try {
              await aws('DeleteStateMachineAlias', { stateMachineAliasArn: removed.stateMachineAliasArn });
              await changed();
            } catch (error) {
              notifyError(error);
            }
          }}
        />
      )}
    </>
  );
}
