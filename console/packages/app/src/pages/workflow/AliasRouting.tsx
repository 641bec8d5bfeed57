import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { aws } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { nameOf } from '../../parts/arn';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';
import { type Alias, isWrong, type Routing, routesOf, routingOf } from './routing';

interface AliasRoutingProps {
  readonly arn: string;
  /** The alias that is changed; a new one where there is none. */
  readonly alias: Alias | undefined;
  readonly onSaved: () => Promise<void>;
  readonly onClose: () => void;
}

/** Says which version, or which two, an alias leads to. */
export function AliasRouting({ arn, alias, onSaved, onClose }: AliasRoutingProps) {
  const { text, format } = useText();
  const words = text.build.routing;
  const [name, setName] = useState('');
  const [chosen, choose] = useState<Routing>();
  const listed = useQuery({
    queryKey: ['versions', arn],
    queryFn: ({ signal }) => aws('ListStateMachineVersions', { stateMachineArn: arn, maxResults: 1000 }, signal),
  });
  const versions = (listed.data?.stateMachineVersions ?? []).map((one) => one.stateMachineVersionArn);
  const routing = chosen ?? routingOf(alias?.routingConfiguration ?? [], versions);
  const options = versions.map((version) => ({ value: version, label: text.workflow.versionNumber(nameOf(version)) }));
  const none = { value: '', label: words.none };
  const wanted = alias?.name ?? name;
  const shares = routesOf(routing).map((route) => `${nameOf(route.stateMachineVersionArn)}=${route.weight}`);
  const find = (value: string) => [none, ...options].find((one) => one.value === value) ?? null;
  return (
    <Confirm
      title={alias === undefined ? words.create : words.edit(alias.name)}
      hint={versions.length === 0 && listed.isSuccess ? text.workflow.noVersions : words.hint}
      action={words.save}
      isDisabled={isWrong(routing) || wanted === ''}
      command={`passo machine alias set ${quoted(`${nameOf(arn)}:${wanted === '' ? 'ALIAS' : wanted}`)} ${shares.join(' ')}`}
      onClose={onClose}
      onConfirm={async () => {
        const routingConfiguration = routesOf(routing);
        try {
          if (alias === undefined) await aws('CreateStateMachineAlias', { name, routingConfiguration });
          else await aws('UpdateStateMachineAlias', { stateMachineAliasArn: alias.stateMachineAliasArn, routingConfiguration });
          await onSaved();
        } catch (error) {
          notifyError(error);
        }
      }}
    >
      {alias === undefined && (
        <FormField label={text.common.name}>
          <Input value={name} ariaLabel={text.common.name} onChange={(event) => setName(event.detail.value)} />
        </FormField>
      )}
      <FormField label={words.first}>
        <Select
          ariaLabel={words.first}
          expandToViewport
          options={options}
          selectedOption={find(routing.first)}
          onChange={(event) => choose({ ...routing, first: event.detail.selectedOption.value ?? '' })}
        />
      </FormField>
      <FormField label={words.second}>
        <Select
          ariaLabel={words.second}
          expandToViewport
          options={[none, ...options.filter((one) => one.value !== routing.first)]}
          selectedOption={find(routing.second)}
          onChange={(event) => {
            const second = event.detail.selectedOption.value ?? '';
            choose({ ...routing, second, weight: second !== '' && routing.second === '' ? 90 : routing.weight });
          }}
        />
      </FormField>
      {routing.second !== '' && (
        <FormField
          label={words.weight}
          description={isWrong(routing) ? undefined : words.rest(format.percent((100 - routing.weight) / 100))}
        >
          <Input
            type="number"
            value={Number.isNaN(routing.weight) ? '' : String(routing.weight)}
            ariaLabel={words.weight}
            onChange={(event) => choose({ ...routing, weight: event.detail.value === '' ? Number.NaN : Number(event.detail.value) })}
          />
        </FormField>
      )}
    </Confirm>
  );
}
