import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { FoundExecution } from '@passo/api';
import type { ReactNode } from 'react';
import { machineOf, qualifierOf, workflowOf } from '../../parts/arn';
import { Command } from '../../parts/Copy';
import { Elapsed, Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { ExecutionStatusText } from '../../parts/Status';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { type Text, useText } from '../../text';

interface ExecutionTableProps {
  readonly executions: readonly FoundExecution[];
  readonly isLoading: boolean;
  readonly isFiltered?: boolean;
  readonly onClear?: () => void;
  readonly selected?: readonly FoundExecution[];
  readonly onSelect?: (selected: readonly FoundExecution[]) => void;
  readonly filter?: ReactNode;
  readonly header?: ReactNode;
  readonly footer?: ReactNode;
  /** Whether the executions are all of one workflow, which then need not be named. */
  readonly isOfOne?: boolean;
}

export function ExecutionTable(props: ExecutionTableProps) {
  const { text } = useText();
  const { executions, isLoading, isFiltered, onClear, selected, onSelect, filter, header, footer, isOfOne } = props;
  const follow = useFollow();
  const selection: Partial<TableProps<FoundExecution>> =
    onSelect === undefined
      ? {}
      : {
          selectionType: 'multi',
          selectedItems: [...(selected ?? [])],
          onSelectionChange: (event) => onSelect(event.detail.selectedItems),
          ariaLabels: {
            selectionGroupLabel: text.common.selection,
            itemSelectionLabel: (_, item) => text.common.select(item.name),
            allItemsSelectionLabel: () => text.common.selectAll,
          },
        };
  return (
    <Table
      {...selection}
      items={executions}
      trackBy="executionArn"
      loading={isLoading}
      loadingText={text.common.loading}
      variant="container"
      stickyHeader
      contentDensity="compact"
      wrapLines={false}
      filter={filter}
      header={header}
      footer={footer}
      empty={
        isFiltered === true ? (
          <Empty title={text.executions.noMatch}>{onClear && <Button onClick={onClear}>{text.executions.clear}</Button>}</Empty>
        ) : (
          <Empty title={text.executions.empty} hint={text.executions.emptyHint}>
            <Command line={`aws stepfunctions start-execution --endpoint-url ${location.origin} --state-machine-arn ARN`} />
          </Empty>
        )
      }
      columnDefinitions={columns(text, follow, isOfOne === true)}
    />
  );
}

function columns(text: Text, follow: ReturnType<typeof useFollow>, isOfOne: boolean): TableProps.ColumnDefinition<FoundExecution>[] {
  const workflow: TableProps.ColumnDefinition<FoundExecution> = {
    id: 'workflow',
    header: text.common.workflow,
    cell: (item) => (
      <>
        <Link href={links.workflow(machineOf(item.executionArn))} onFollow={follow}>
          {workflowOf(item.executionArn)}
        </Link>
        <small className="quiet"> {qualifierOf(item.stateMachineVersionArn)}</small>
      </>
    ),
  };
  return [
    {
      id: 'name',
      header: text.common.execution,
      isRowHeader: true,
      maxWidth: 320,
      cell: (item) => (
        <Link href={links.execution(item.executionArn)} onFollow={follow}>
          {item.name}
        </Link>
      ),
    },
    { id: 'status', header: text.common.status, cell: (item) => <ExecutionStatusText status={item.status} /> },
    ...(isOfOne ? [] : [workflow]),
    {
      id: 'error',
      header: text.common.error,
      maxWidth: 360,
      cell: (item) =>
        item.error === undefined ? (
          '—'
        ) : (
          <span title={item.cause}>
            <code className="bad">{item.error}</code> <small className="quiet">{item.cause?.slice(0, 120)}</small>
          </span>
        ),
    },
    { id: 'start', header: text.common.started, cell: (item) => <Moment at={Date.parse(item.startDate)} /> },
    {
      id: 'duration',
      header: text.common.duration,
      cell: (item) => (
        <Elapsed from={Date.parse(item.startDate)} to={item.stopDate === undefined ? undefined : Date.parse(item.stopDate)} />
      ),
    },
  ];
}
