import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { aws, type StateMachine } from '@passo/api';
import { compare, type Difference, readDefinition } from '@passo/graph';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { Drawn } from '../../graph/Drawn';
import { Graph } from '../../graph/Graph';
import { usePicture } from '../../graph/usePicture';
import { nameOf } from '../../parts/arn';
import { JsonDiff } from '../../parts/Json';
import { useText } from '../../text';

interface VersionDiffProps {
  readonly machine: StateMachine;
  /** ARNs of versions, the newest first. */
  readonly versions: readonly string[];
}

const KINDS: readonly Difference[] = ['added', 'changed', 'removed'];

/** Two versions of a definition: as pictures, and as text. */
export function VersionDiff({ machine, versions }: VersionDiffProps) {
  const { text } = useText();
  const navigate = useNavigate();
  // The last change: from the version before the newest, where there is one.
  const { from = nameOf(versions[1] ?? versions[0] ?? ''), to = '' } = useSearch({ from: '/workflows/$name' });
  const before = useVersion(machine, versions, from);
  const after = useVersion(machine, versions, to);
  const [old, now] = [useScope(before), useScope(after)];
  const differences = useMemo(
    () => (old === undefined || now === undefined ? new Map<string, Difference>() : compare(old, now)),
    [old, now],
  );
  const classOf = useCallback((state: string) => differences.get(state), [differences]);
  const [left, right] = [usePicture(old), usePicture(now)];
  const [selected, select] = useState<string>();
  const options = [
    { value: '', label: text.workflow.latest },
    ...versions.map((arn) => ({ value: nameOf(arn), label: text.workflow.versionNumber(nameOf(arn)) })),
  ];
  const choose = (side: 'from' | 'to', value: string | undefined) =>
    void navigate({ to: '.', search: ((search: object) => ({ ...search, from, to, [side]: value })) as never, replace: true });
  return (
    <section className="verdiff" aria-label={text.workflow.compare}>
      <div className="edrow">
        {(['from', 'to'] as const).map((side) => (
          <FormField key={side} label={text.workflow[side]}>
            <Select
              ariaLabel={text.workflow[side]}
              options={options}
              selectedOption={options.find((option) => option.value === (side === 'from' ? from : to)) ?? null}
              onChange={(event) => choose(side, event.detail.selectedOption.value)}
            />
          </FormField>
        ))}
        <ul className="difflist">
          {KINDS.map((kind) => {
            const names = [...differences].filter(([, one]) => one === kind).map(([name]) => name);
            return (
              names.length > 0 && (
                <li key={kind} className={kind}>
                  <b>{text.workflow.difference[kind]}</b> {names.join(', ')}
                </li>
              )
            );
          })}
        </ul>
      </div>
      <div className="pair">
        {[left, right].map((drawn, index) => (
          <div className="framed" key={index === 0 ? 'from' : 'to'}>
            <Drawn drawn={drawn}>
              {(picture) => (
                <Graph picture={picture} selected={selected} onSelect={select} focus={selected} hasMap={false} classOf={classOf} />
              )}
            </Drawn>
          </div>
        ))}
      </div>
      {before !== undefined && after !== undefined && <JsonDiff before={before} after={after} label={text.workflow.tabs.definition} />}
    </section>
  );
}

/** The definition of a version, by its number; the one that is saved now where there is none. */
function useVersion(machine: StateMachine, versions: readonly string[], version: string): string | undefined {
  const arn = versions.find((one) => nameOf(one) === version);
  const described = useQuery({
    queryKey: ['machine', arn],
    queryFn: ({ signal }) => aws('DescribeStateMachine', { stateMachineArn: arn ?? '' }, signal),
    enabled: arn !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return arn === undefined ? machine.definition : described.data?.definition;
}

function useScope(definition: string | undefined) {
  return useMemo(() => (definition === undefined ? undefined : readDefinition(definition)), [definition]);
}
