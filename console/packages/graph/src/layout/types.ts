import type { State } from '../asl';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type NodeKind = 'start' | 'end' | 'state' | 'container' | 'branch';

/** A box of the picture; `x` and `y` are its upper left corner. */
export interface LaidNode extends Point {
  readonly id: string;
  readonly kind: NodeKind;
  /** The state's name; empty for what is no state. */
  readonly name: string;
  readonly state?: State;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

export type EdgeKind = 'next' | 'choice' | 'default' | 'catch';

/** A line of the picture, from the lower border of a box to the upper border of another. */
export interface LaidEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Names of the states at its ends; empty for start and end. */
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label?: string;
  /** Which of a state's rules or catchers it is. */
  readonly rule?: number;
  readonly points: readonly Point[];
  readonly labelAt?: Point;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly LaidNode[];
  readonly edges: readonly LaidEdge[];
}
