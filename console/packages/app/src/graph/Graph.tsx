import type { LaidNode, Picture, Point, Port } from '@passo/graph';
import { Background, Controls, MiniMap, Panel, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type ReactNode, useMemo } from 'react';
import { useRun } from '../live/run';
import { useText } from '../text';
import { edgeTypes, type GraphEdge } from './edges';
import { Focus } from './Focus';
import { type GraphNode, nodeTypes } from './nodes';

interface GraphProps {
  readonly picture: Picture;
  readonly selected?: string | undefined;
  readonly onSelect?: (state: string | undefined) => void;
  /** The state that is brought into view when it changes. */
  readonly focus?: string | undefined;
  readonly hasMap?: boolean;
  /** Whether states can be taken and put elsewhere. */
  readonly isEditable?: boolean;
  /** More about the look of a state's box. */
  readonly classOf?: (state: string) => string | undefined;
  /** What a state's box says beside its name, where the page shows no execution. */
  readonly noteOf?: (state: string) => string | undefined;
  /** What is done when a line was drawn from a state to a point of the window; where it is given, states have ports. */
  readonly onDrawn?: (from: string, port: Port, at: Point) => void;
  readonly children?: ReactNode;
}

/** Above this many boxes only what can be seen is drawn. */
const MANY = 120;
/** Sizes of boxes say how the layout was made, so the map and lines need no measuring. */
const LEGEND = ['succeeded', 'running', 'caught', 'failed', 'idle'] as const;

/** The picture of a workflow, with how an execution of it stands where the page shows one. */
export function Graph(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ picture, selected, onSelect, focus, hasMap = true, isEditable = false, classOf, noteOf, onDrawn, children }: GraphProps) {
  const { text } = useText();
  const run = useRun();
  const hasPorts = onDrawn !== undefined;
  const nodes = useMemo(
    () =>
      picture.nodes.map(
        (laid): GraphNode => ({
          id: laid.id,
          type: laid.kind,
          position: { x: laid.x, y: laid.y },
          width: laid.width,
          height: laid.height,
          zIndex: laid.kind === 'branch' || laid.kind === 'container' ? laid.depth : 10,
          draggable: false,
          selectable: false,
          focusable: laid.name !== '',
          className: [isEditable && laid.kind === 'state' && 'nopan', laid.name !== '' && classOf?.(laid.name)].filter(Boolean).join(' '),
          ...(isEditable && laid.kind === 'state' && { domAttributes: { draggable: true } as never }),
          ariaRole: laid.name === '' ? 'presentation' : 'button',
          data: {
            laid,
            isSelected: laid.name !== '' && laid.name === selected,
            isDesign: run === undefined,
            hasPorts,
            note: noteOf?.(laid.name),
          },
        }),
      ),
    [picture, selected, run, isEditable, classOf, noteOf, hasPorts],
  );
  const edges = useMemo(
    () =>
      picture.edges.map(
        (laid): GraphEdge => ({
          id: laid.id,
          source: laid.source,
          target: laid.target,
          type: 'line',
          zIndex: 5,
          focusable: false,
          markerEnd: 'passo-arrow',
          data: { laid },
        }),
      ),
    [picture],
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter on a box is what a click is; the box is a button.
    <div
      className="gcanvas"
      onKeyDown={(event) => {
        const id = event.key === 'Enter' || event.key === ' ' ? (event.target as HTMLElement).dataset.id : undefined;
        const name = picture.nodes.find((node) => node.id === id)?.name;
        if (name) onSelect?.(name);
      }}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        minZoom={0.05}
        maxZoom={2}
        onlyRenderVisibleElements={picture.nodes.length > MANY}
        nodesConnectable={hasPorts}
        onConnectEnd={(event, { fromNode, fromHandle }) => {
          const name = (fromNode?.data as { readonly laid?: LaidNode } | undefined)?.laid?.name ?? '';
          const at = 'changedTouches' in event ? event.changedTouches[0] : event;
          if (name !== '' && at !== undefined)
            onDrawn?.(name, fromHandle?.id === 'catch' ? 'catch' : 'next', { x: at.clientX, y: at.clientY });
        }}
        disableKeyboardA11y={false}
        onNodeClick={(_, node) => node.data.laid.name !== '' && onSelect?.(node.data.laid.name)}
        onPaneClick={() => onSelect?.(undefined)}
        proOptions={{ hideAttribution: true }}
        aria-label={text.execution.graphLabel}
      >
        <Arrow />
        <Focus picture={picture} state={focus} />
        <Background gap={18} size={1.2} color="var(--g-border)" />
        <Controls showInteractive={false} />
        {hasMap && picture.nodes.length > 8 && (
          <MiniMap<GraphNode>
            pannable
            zoomable
            nodeColor={(node) => (node.type === 'branch' ? 'transparent' : colorOf(run?.state(node.data.laid.name)?.status))}
            maskColor="rgb(120 130 150 / .18)"
            ariaLabel={null}
          />
        )}
        {run !== undefined && (
          <Panel position="bottom-center">
            <div className="legend">
              {LEGEND.map((status) => (
                <span key={status} className={status}>
                  <b />
                  {text.visit[status]}
                </span>
              ))}
            </div>
          </Panel>
        )}
        {children}
      </ReactFlow>
    </div>
  );
}

function colorOf(status: string | undefined): string {
  switch (status) {
    case 'succeeded':
      return 'var(--c-ok)';
    case 'running':
    case 'waiting':
      return 'var(--c-run)';
    case 'caught':
      return 'var(--c-warn)';
    case 'failed':
      return 'var(--c-bad)';
    default:
      return 'var(--g-border)';
  }
}

/** The head of a line, in the colour of its line. */
function Arrow() {
  return (
    <svg className="defs" aria-hidden>
      <defs>
        <marker
          id="passo-arrow"
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0 10 5 0 10z" fill="context-stroke" />
        </marker>
      </defs>
    </svg>
  );
}
