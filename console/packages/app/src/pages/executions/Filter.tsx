import PropertyFilter from '@cloudscape-design/components/property-filter';
import { aws, type FoundExecution } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../text';
import { type ExecutionFilter, fromTokens, operatorOf, toTokens } from './filter';
import { SavedViews } from './SavedViews';

interface FilterProps {
  readonly filter: ExecutionFilter;
  readonly onChange: (filter: ExecutionFilter) => void;
  /** Where suggestions of errors are taken from. */
  readonly executions: readonly FoundExecution[];
}

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const TIMES = ['1h', '24h', '7d', '30d'];

export function Filter({ filter, onChange, executions }: FilterProps) {
  const { text } = useText();
  const machines = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal) });
  const property = (key: string, label: string, group: string) => ({
    key,
    propertyLabel: label,
    groupValuesLabel: group,
    operators: [operatorOf(key)],
  });
  const errors = [...new Set(executions.flatMap((execution) => execution.error ?? []))];
  const chip = (name: string, wanted: ExecutionFilter, is: boolean) => (
    <button
      type="button"
      className={is ? 'chip on' : 'chip'}
      aria-pressed={is}
      onClick={() => onChange(is ? without(filter, wanted) : { ...filter, ...wanted })}
    >
      {name}
    </button>
  );
  return (
    <div className="filter">
      <PropertyFilter
        query={{ tokens: toTokens(filter), operation: 'and' }}
        onChange={(event) => onChange(fromTokens(event.detail.tokens))}
        filteringPlaceholder={text.executions.filter}
        filteringAriaLabel={text.executions.filter}
        hideOperations
        filteringProperties={[
          property('status', text.common.status, text.executions.statuses),
          property('workflow', text.common.workflow, text.executions.workflows),
          property('name', text.common.name, text.common.name),
          property('error', text.common.error, text.executions.errors),
          property('input', text.see.filter.input, text.see.filter.hint),
          property('output', text.see.filter.output, text.see.filter.hint),
          property('since', text.executions.since, text.executions.since),
          property('until', text.executions.until, text.executions.until),
        ]}
        filteringOptions={[
          ...STATUSES.map((value) => ({ propertyKey: 'status', value, label: text.status[value] })),
          ...(machines.data?.stateMachines ?? []).map(({ name }) => ({ propertyKey: 'workflow', value: name })),
          ...errors.map((value) => ({ propertyKey: 'error', value })),
          ...TIMES.map((value) => ({ propertyKey: 'since', value })),
        ]}
      />
      <div className="chips">
        {chip(text.executions.chips.running, { status: 'RUNNING' }, filter.status === 'RUNNING')}
        {chip(text.executions.chips.failed, { status: 'FAILED,TIMED_OUT' }, filter.status === 'FAILED,TIMED_OUT')}
        {chip(text.executions.chips.day, { since: '24h' }, filter.since === '24h')}
        <SavedViews filter={filter} onChange={onChange} />
      </div>
    </div>
  );
}

function without(filter: ExecutionFilter, gone: ExecutionFilter): ExecutionFilter {
  return Object.fromEntries(Object.entries(filter).filter(([key]) => !(key in gone)));
}
