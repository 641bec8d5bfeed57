import type { LaidEdge } from '@passo/graph';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { useStateRun } from '../live/run';

export interface EdgeData extends Record<string, unknown> {
  readonly laid: LaidEdge;
}

export type GraphEdge = Edge<EdgeData>;

const Line = memo(({ id, data, markerEnd }: EdgeProps<GraphEdge>) => {
  const laid = data?.laid;
  const from = useStateRun(laid?.from ?? '');
  const to = useStateRun(laid?.to ?? '');
  if (laid === undefined) return null;
  const isTaken = laid.from === '' ? to !== undefined : taken(laid, from);
  const isLive = isTaken && (to?.status === 'running' || to?.status === 'waiting');
  const course = isLive ? 'live' : isTaken ? 'taken' : '';
  return (
    <>
      <BaseEdge
        id={id}
        path={laid.path}
        className={`e ${laid.kind} ${course}`}
        {...(markerEnd !== undefined && { markerEnd })}
        interactionWidth={12}
      />
      {laid.label !== undefined && laid.labelAt !== undefined && (
        <EdgeLabelRenderer>
          <div
            className={`elabel ${laid.kind} ${course}`}
            style={{ transform: `translate(-50%,-50%) translate(${laid.labelAt.x}px,${laid.labelAt.y}px)` }}
          >
            {laid.label}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function taken(laid: LaidEdge, from: ReturnType<typeof useStateRun>): boolean {
  if (from === undefined) return false;
  if (laid.to === '') return from.status === 'succeeded';
  if (!from.next.has(laid.to)) return false;
  // A state that fails leaves by a Catch, and any other by its own way.
  return laid.kind === 'catch' ? from.status === 'caught' : from.status !== 'caught' || from.visits > 1;
}

export const edgeTypes = { line: Line };
