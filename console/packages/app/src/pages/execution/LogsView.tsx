import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { LogRecord } from '@passo/api';
import { useState } from 'react';
import type { RunStore } from '../../live/RunStore';
import { useRunVersion } from '../../live/run';
import { nameOf, workflowOf } from '../../parts/arn';
import { Command, quoted } from '../../parts/Copy';
import { Problem } from '../../parts/Problem';
import { useText } from '../../text';
import { LogList } from './LogList';
import { LogsOff } from './LogsOff';
import { fitting, type Source } from './records';
import type { Selection } from './selection';
import { useLogs } from './useLogs';

interface LogsViewProps {
  readonly arn: string;
  readonly store: RunStore;
  readonly selection: Selection;
  /** Shows the records of one state only, with less around them. */
  readonly state?: string;
}

/** What CloudWatch Logs holds about an execution, and what its functions printed. */
export function LogsView({ arn, store, selection, state }: LogsViewProps) {
  const { text } = useText();
  useRunVersion(store, 2);
  const isRunning = store.status === undefined || store.status === 'RUNNING';
  const found = useLogs(arn, isRunning);
  const [source, setSource] = useState<Source>('all');
  const [wanted, want] = useState('');
  if (found.data === undefined)
    return found.error === null ? (
      <p className="pause">{text.common.loading}</p>
    ) : (
      <div className="pad">
        <Problem error={found.error} onRetry={() => void found.refetch()} />
      </div>
    );
  const { records, logging, functions, complete } = found.data;
  const visitOf = (record: LogRecord) => (record.event === undefined ? undefined : store.fold.visitOf(record.event));
  const stateOf = (record: LogRecord) => record.state ?? visitOf(record)?.state;
  const shown = fitting(records, source, wanted, stateOf, state);
  const go = (record: LogRecord) => {
    const name = stateOf(record);
    if (name !== undefined) selection.goTo(name, visitOf(record)?.index);
  };
  const list = (
    <LogList
      records={shown}
      stateOf={stateOf}
      onGo={state === undefined ? go : undefined}
      isLive={isRunning}
      empty={records.length > 0 && state === undefined ? text.see.logs.noMatch : isRunning ? text.see.logs.noneYet : text.see.logs.none}
    />
  );
  const hasLogs = logging !== null || functions.length > 0;
  if (state !== undefined) return <div className="stack">{logging === null && shown.length === 0 ? <LogsOff arn={arn} /> : list}</div>;
  return (
    <div className="logs">
      {hasLogs && (
        <div className="logs-head">
          <Input
            type="search"
            value={wanted}
            placeholder={text.see.logs.filter}
            ariaLabel={text.see.logs.filter}
            onChange={(event) => want(event.detail.value)}
          />
          <SegmentedControl
            label={text.see.logs.source}
            selectedId={source}
            options={[
              { id: 'all', text: text.see.logs.all },
              { id: 'execution', text: text.see.logs.own },
              { id: 'function', text: text.see.logs.functions },
            ]}
            onChange={(event) => setSource(event.detail.selectedId as Source)}
          />
          <span className="quiet" aria-live="polite">
            {text.see.logs.count(shown.length)}
            {!complete && ` · ${text.see.logs.partial}`}
            {isRunning && ` · ${text.see.logs.live}`}
          </span>
        </div>
      )}
      {logging === null && <LogsOff arn={arn} />}
      {logging !== null && !logging.exists && <LogsOff arn={arn} group={logging.logGroup} />}
      {(logging?.exists === true || functions.length > 0) && (
        <p className="quiet logs-of">
          {[
            ...(logging?.exists === true ? [text.see.logs.level(logging.level, logging.logGroup)] : []),
            ...functions.map((one) => text.see.logs.functionOf(one.name, one.invocations)),
          ].join(' · ')}
        </p>
      )}
      {hasLogs && list}
      {(logging?.exists === true || functions.length > 0) && (
        <div className="logs-foot">
          <span className="quiet">{text.see.logs.follow}</span>
          <Command line={`passo logs ${quoted(`${workflowOf(arn)}/${nameOf(arn)}`)} --follow`} />
        </div>
      )}
    </div>
  );
}
