import { innerScopes, type Scope, type State } from './asl';
import type { WayKind } from './ways';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type NodeKind = 'start' | 'end' | 'state' | 'container' | 'branch';

/** A box of the picture, as the server lays it out; `x` and `y` are its upper left corner. */
export interface LaidNode extends Point {
  readonly id: string;
  readonly kind: NodeKind;
  /** The state's name; empty for what is no state. */
  readonly name: string;
  /** What the definition says of it; the server does not send that back. */
  readonly state?: State;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** A line of the picture, from the lower border of a box to the upper border of another. */
export interface LaidEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Names of the states at its ends; empty for start and end. */
  readonly from: string;
  readonly to: string;
  readonly kind: WayKind;
  readonly label?: string;
  /** Which of a state's rules or catchers it is. */
  readonly rule?: number;
  readonly points: readonly Point[];
  /** The same course, as the `d` of an SVG path. */
  readonly path: string;
  readonly labelAt?: Point;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly LaidNode[];
  readonly edges: readonly LaidEdge[];
}

/** A picture whose boxes know their states. */
export function withStates(picture: Picture, scope: Scope): Picture {
  const states = new Map<string, State>();
  collect(scope, '/', states);
  const nodes = picture.nodes.map((node): LaidNode => {
    const state = states.get(node.id);
    return state === undefined ? node : { ...node, state };
  });
  return { ...picture, nodes };
}

/** States by the ids of their boxes: the names and numbers of branches that lead to them. */
function collect(scope: Scope, path: string, states: Map<string, State>): void {
  for (const [name, state] of Object.entries(scope.States)) {
    const id = path + name.replaceAll('%', '%25').replaceAll('/', '%2F');
    states.set(id, state);
    innerScopes(state).forEach((inner, index) => {
      collect(inner, `${id}/${index}/`, states);
    });
  }
}
