import type { LaidEdge, LaidNode, Picture, Point } from '../picture';
import type { Place } from './change';

/** How far from a line something may be dropped, in units of the picture. */
const REACH = 70;

/** Where in a definition a point of its picture is, and what to mark: a state, or the nearest line. */
export function dropPlace(picture: Picture, point: Point): { readonly place: Place; readonly mark: Point } | undefined {
  const hit = picture.nodes.findLast((node) => node.kind === 'state' && holds(node, point));
  if (hit !== undefined) return { place: { after: hit.name }, mark: { x: hit.x + hit.width / 2, y: hit.y + hit.height } };
  let best: { readonly edge: LaidEdge; readonly mark: Point; readonly distance: number } | undefined;
  for (const edge of picture.edges) {
    for (let index = 1; index < edge.points.length; index += 1) {
      const [from, to] = [edge.points[index - 1], edge.points[index]];
      if (from === undefined || to === undefined) continue;
      const mark = nearest(point, from, to);
      const distance = Math.hypot(mark.x - point.x, mark.y - point.y);
      if (best === undefined || distance < best.distance) best = { edge, mark, distance };
    }
  }
  if (best === undefined || best.distance > REACH) return undefined;
  return { place: { into: best.edge }, mark: best.mark };
}

/** The box at a point that a line may lead to: a state, or the end. */
export function stateUnder(picture: Picture, point: Point): LaidNode | undefined {
  return picture.nodes.findLast((node) => (node.name !== '' || node.kind === 'end') && holds(node, point));
}

function holds(node: LaidNode, point: Point): boolean {
  return point.x >= node.x && point.x <= node.x + node.width && point.y >= node.y && point.y <= node.y + node.height;
}

function nearest(point: Point, from: Point, to: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length));
  return { x: from.x + share * dx, y: from.y + share * dy };
}
