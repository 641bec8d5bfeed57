import { layout as dagre, graphlib } from '@dagrejs/dagre';
import { everyState, innerScopes, type Scope, type State } from '../asl';
import { edgesOf, type PlainEdge } from './edges';
import type { LaidEdge, LaidNode, Picture, Point } from './types';

const STATE = { width: 232, height: 58 };
const LOW_HEIGHT = 50;
const CHOICE_WIDTH = 216;
const ROOT_END = { width: 92, height: 30 };
const INNER_END = { width: 14, height: 14 };
const PADDING = 14;
const HEADER = 42;
/** Above this many states a simpler ranking is taken, several times as fast. */
const MANY_STATES = 400;

type Ranker = 'network-simplex' | 'longest-path';
type Box = Point & { readonly width: number; readonly height: number };
type DagreEdge = { points: Point[]; x?: number; y?: number };

/**
 * Lays a definition out, from the top down.
 *
 * No line ever crosses the border of a branch or an item processor, so each scope is laid out alone, from the inside out, and
 * handed to the one around it as a box of fixed size.
 */
export function layout(scope: Scope): Picture {
  let states = 0;
  for (const _ of everyState(scope)) states += 1;
  // Names may be those of members of objects: an id begins with a sign that no such member has.
  return layoutScope(scope, '/', 0, states > MANY_STATES ? 'longest-path' : 'network-simplex');
}

interface Inner {
  readonly pictures: readonly Picture[];
  readonly width: number;
  readonly height: number;
}

function layoutScope(scope: Scope, path: string, depth: number, ranker: Ranker): Picture {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 30, ranksep: 34, edgesep: 18, marginx: 0, marginy: 0, ranker });
  const [start, end] = [`${path}>start`, `${path}>end`];
  const small = depth === 0 ? ROOT_END : INNER_END;
  graph.setNode(start, { ...small });
  const edges = edgesOf(scope);
  if (edges.some((edge) => edge.to === '')) graph.setNode(end, { ...small });
  const inner = new Map<string, Inner>();
  for (const [name, state] of Object.entries(scope.States)) {
    const inside = innerOf(state, `${path}${name}/`, depth, ranker);
    if (inside !== undefined) inner.set(name, inside);
    graph.setNode(path + name, inside === undefined ? sizeOf(state) : { width: inside.width, height: inside.height });
  }
  const idOf = (edge: PlainEdge) => ({
    source: edge.from === '' ? start : path + edge.from,
    target: edge.to === '' ? end : path + edge.to,
  });
  edges.forEach((edge, index) => {
    const { source, target } = idOf(edge);
    graph.setEdge(source, target, sizeOfEdge(edge), String(index));
  });
  dagre(graph as never);
  const boxOf = (id: string) => graph.node(id) as unknown as Box;
  const nodes: LaidNode[] = [];
  const laid: LaidEdge[] = [];
  for (const [id, kind] of [
    [start, 'start'],
    [end, 'end'],
  ] as const) {
    if (graph.hasNode(id)) nodes.push({ id, kind, name: '', ...corner(boxOf(id)), depth });
  }
  for (const [name, state] of Object.entries(scope.States)) {
    const id = path + name;
    const inside = inner.get(name);
    const box = corner(boxOf(id));
    nodes.push({ id, kind: inside === undefined ? 'state' : 'container', name, state, ...box, depth });
    if (inside !== undefined) place(inside, id, box, depth, nodes, laid);
  }
  edges.forEach((edge, index) => {
    const { source, target } = idOf(edge);
    const found = graph.edge(source, target, String(index)) as unknown as DagreEdge;
    const shape = shapeOf(found, boxOf(source), boxOf(target));
    const labelAt = edge.label !== undefined && found.x !== undefined && found.y !== undefined ? { x: found.x, y: found.y } : undefined;
    laid.push({ id: `${path}>${index}`, source, target, ...edge, points: shape, ...(labelAt && { labelAt }) });
  });
  const whole = graph.graph() as { width?: number; height?: number };
  return { width: whole.width ?? 0, height: whole.height ?? 0, nodes, edges: laid };
}

function innerOf(state: State, path: string, depth: number, ranker: Ranker): Inner | undefined {
  const scopes = innerScopes(state);
  if (scopes.length === 0) return undefined;
  const pictures = scopes.map((scope, index) => layoutScope(scope, `${path}${index}/`, depth + 1, ranker));
  const wanted = widthOf(pictures);
  const height = Math.max(...pictures.map((picture) => picture.height)) + HEADER + PADDING * 2.2;
  return { pictures, width: Math.max(STATE.width + 24, wanted), height };
}

function widthOf(pictures: readonly Picture[]): number {
  return pictures.reduce((sum, picture) => sum + picture.width + PADDING * 2, 0) + PADDING * (pictures.length + 1);
}

/** Puts what is inside a container into its place. */
function place(inside: Inner, id: string, box: Box, depth: number, nodes: LaidNode[], edges: LaidEdge[]): void {
  let x = box.x + PADDING + Math.max(0, (box.width - widthOf(inside.pictures)) / 2);
  const height = Math.max(...inside.pictures.map((picture) => picture.height)) + PADDING * 1.2;
  inside.pictures.forEach((picture, index) => {
    const width = picture.width + PADDING * 2;
    nodes.push({ id: `${id}/${index}`, kind: 'branch', name: '', x, y: box.y + HEADER, width, height, depth: depth + 1 });
    const by = { x: x + PADDING, y: box.y + HEADER + PADDING * 0.6 };
    const moved = (point: Point) => ({ x: point.x + by.x, y: point.y + by.y });
    for (const node of picture.nodes) nodes.push({ ...node, ...moved(node) });
    for (const edge of picture.edges) {
      edges.push({ ...edge, points: edge.points.map(moved), ...(edge.labelAt && { labelAt: moved(edge.labelAt) }) });
    }
    x += width + PADDING;
  });
}

function sizeOf(state: State): { width: number; height: number } {
  switch (state.Type) {
    case 'Choice':
      return { width: CHOICE_WIDTH, height: LOW_HEIGHT };
    case 'Succeed':
    case 'Fail':
      return { width: STATE.width, height: LOW_HEIGHT };
    default:
      return { ...STATE };
  }
}

function sizeOfEdge(edge: PlainEdge): object {
  const weight = edge.kind === 'catch' ? 1 : edge.kind === 'next' ? 6 : 3;
  if (edge.label === undefined) return { width: 0, height: 0, weight, minlen: 1 };
  return { width: Math.min(edge.label.length * 6.2 + 14, 180), height: 20, labelpos: 'c', weight, minlen: 1 };
}

function corner(box: Box): Box {
  return { x: box.x - box.width / 2, y: box.y - box.height / 2, width: box.width, height: box.height };
}

/** Lines leave below and arrive above, near the middle; those that go back up keep the course that they were given. */
function shapeOf(edge: DagreEdge, from: Box, to: Box): readonly Point[] {
  const { points } = edge;
  const [second, beforeLast] = [points[1], points.at(-2)];
  if (to.y < from.y || second === undefined || beforeLast === undefined) return points;
  const reach = Math.min(from.width * 0.32, 60);
  const leave = { x: Math.max(from.x - reach, Math.min(from.x + reach, second.x)), y: from.y + from.height / 2 };
  const aside = beforeLast.x - to.x;
  const shift = Math.abs(aside) > to.width / 2 ? Math.sign(aside) * Math.min(to.width / 4, 30) : 0;
  const arrive = { x: to.x + shift, y: to.y - to.height / 2 };
  return [leave, ...points.slice(1, -1), arrive];
}
