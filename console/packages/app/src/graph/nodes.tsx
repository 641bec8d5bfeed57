import { hasPort, integrationPattern, type LaidNode, type MapCounts, type State, shortResource } from '@passo/graph';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useStateRun } from '../live/run';
import { Elapsed } from '../parts/Elapsed';
import { type Text, useText } from '../text';
import { Icon } from './Icon';

export interface NodeData extends Record<string, unknown> {
  readonly laid: LaidNode;
  readonly isSelected: boolean;
  /** Whether no execution is shown. */
  readonly isDesign: boolean;
  readonly note?: string | undefined;
  /** Whether lines can be drawn from it. */
  readonly hasPorts?: boolean;
}

export type GraphNode = Node<NodeData>;

const Handles = () => (
  <>
    <Handle type="target" position={Position.Top} isConnectable={false} />
    <Handle type="source" position={Position.Bottom} isConnectable={false} />
  </>
);

/** Where lines begin that one draws: below, and for a Catch at the side. The same is done with the key N. */
const Ports = ({ data }: { readonly data: NodeData }) => {
  const { text } = useText();
  const { state } = data.laid;
  if (!data.hasPorts || state === undefined) return <Handles />;
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <Handle
        type="source"
        id="next"
        position={Position.Bottom}
        isConnectable={hasPort(state.Type, 'next')}
        className={hasPort(state.Type, 'next') ? 'port' : ''}
        title={text.build.editor.connect}
      />
      {hasPort(state.Type, 'catch') && (
        <Handle type="source" id="catch" position={Position.Right} isConnectable className="port catch" title="Catch" />
      )}
    </>
  );
};

const StateNode = memo(({ data }: NodeProps<GraphNode>) => {
  const { text } = useText();
  const { laid, isSelected, isDesign } = data;
  const run = useStateRun(laid.name);
  const { state } = laid;
  if (state === undefined) return null;
  const classes = [
    'snode',
    run?.status ?? 'idle',
    run && 'has',
    state.Type === 'Choice' && 'choice',
    isDesign && 'design',
    isSelected && 'sel',
  ];
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <Ports data={data} />
      <div className="ico">
        <Icon name={iconOf(state)} />
      </div>
      <div className="body">
        <div className="row">
          <span className="nm" title={laid.name} dir="auto">
            {laid.name}
          </span>
          {run && (
            <span className="sti">
              <Icon name={run.status} strong />
              <span className="unseen">{text.visit[run.status]}</span>
            </span>
          )}
        </div>
        <div className="row sub">
          <span>{subtitle(state, text)}</span>
          {data.note !== undefined && <em className="nnote">{data.note}</em>}
          {run && (
            <em>
              {run.visits > 1 && `${run.visits}× `}
              {run.retries > 0 && `↻ ${run.retries} · `}
              <Took milliseconds={run.milliseconds} since={run.since} />
            </em>
          )}
        </div>
      </div>
    </div>
  );
});

const ContainerNode = memo(({ data }: NodeProps<GraphNode>) => {
  const { text } = useText();
  const { laid, isSelected, isDesign } = data;
  const run = useStateRun(laid.name);
  const { state } = laid;
  const most = state?.MaxConcurrency;
  const classes = ['cont', run?.status ?? 'idle', isDesign && 'design', isSelected && 'sel'];
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <Ports data={data} />
      <div className="hd">
        <Icon name={state?.Type ?? 'Map'} />
        <span className="nm" title={laid.name} dir="auto">
          {laid.name}
        </span>
        <span className="sub">
          {state?.Type}
          {typeof most === 'number' && most > 0 && ` · ${text.execution.atMost(most)}`}
        </span>
        {data.note !== undefined && <em className="nnote">{data.note}</em>}
        {run && (
          <span className="rt">
            <span className="unseen">{text.visit[run.status]}</span>
            {run.map && <MapBar counts={run.map} />}
            <Took milliseconds={run.milliseconds} since={run.since} />
          </span>
        )}
      </div>
    </div>
  );
});

function Took({ milliseconds, since }: { readonly milliseconds: number | undefined; readonly since: number | undefined }) {
  if (milliseconds !== undefined) return <Elapsed from={0} to={milliseconds} />;
  return since === undefined ? null : <Elapsed from={since} />;
}

export function MapBar({ counts }: { readonly counts: MapCounts }) {
  const { total, succeeded, failed, running } = counts;
  const share = (number: number) => ({ width: `${total === 0 ? 0 : (number / total) * 100}%` });
  return (
    <>
      <span className="figures">
        {succeeded + failed}/{total}
      </span>
      <span className="mbar">
        <i className="succeeded" style={share(succeeded)} />
        <i className="failed" style={share(failed)} />
        <i className="running" style={share(running)} />
      </span>
    </>
  );
}

const Branch = () => <div className="branch" />;

const End = memo(({ data }: NodeProps<GraphNode>) => {
  const { text } = useText();
  const { laid } = data;
  const isStart = laid.kind === 'start';
  if (laid.depth > 0) {
    return (
      <div className={`dot ${laid.kind}`}>
        <Handles />
      </div>
    );
  }
  return (
    <div className="pill">
      <Handles />
      {isStart ? text.execution.startNode : text.execution.endNode}
    </div>
  );
});

export const nodeTypes = { state: StateNode, container: ContainerNode, branch: Branch, start: End, end: End };

function iconOf(state: State): string {
  const pattern = integrationPattern(state.Resource ?? '');
  return state.Type === 'Task' && (pattern === 'token' || pattern === 'activity') ? 'Token' : state.Type;
}

/** What a box says below its name. */
export function subtitle(state: State, text: Text): string {
  switch (state.Type) {
    case 'Choice':
      return `Choice · ${text.execution.outcomes((state.Choices?.length ?? 0) + (state.Default === undefined ? 0 : 1))}`;
    case 'Fail':
      return typeof state.Error === 'string' ? state.Error : 'Fail';
    case 'Wait':
      return typeof state.Seconds === 'number' ? `Wait · ${state.Seconds} s` : 'Wait';
    case 'Task':
      return shortResource(state.Resource ?? '') || 'Task';
    default:
      return state.Type;
  }
}
