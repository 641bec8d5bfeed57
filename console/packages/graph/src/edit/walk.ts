import { innerScopes, type Scope, type State } from '../asl';
import type { LaidNode, Picture } from '../picture';
import { waysOf } from '../ways';

export type Direction = 'up' | 'down' | 'left' | 'right' | 'in' | 'out';

/** The state that one comes to from another: along lines, to the side, or into and out of what holds others. */
export function neighbour(scope: Scope, picture: Picture, name: string | undefined, direction: Direction): string | undefined {
  if (name === undefined) return direction === 'out' ? undefined : scope.StartAt;
  const found = place(scope, name);
  if (found === undefined) return scope.StartAt;
  switch (direction) {
    case 'down':
      return waysOf(found.scope).find((edge) => edge.from === name && edge.to !== '')?.to ?? found.owner;
    case 'up':
      return waysOf(found.scope).find((edge) => edge.to === name && edge.from !== '')?.from ?? found.owner;
    case 'in':
      return innerScopes(found.state)[0]?.StartAt;
    case 'out':
      return found.owner;
    default:
      return beside(picture, name, direction);
  }
}

interface Placed {
  readonly scope: Scope;
  readonly state: State;
  /** The state around it. */
  readonly owner: string | undefined;
}

function place(scope: Scope, name: string, owner?: string): Placed | undefined {
  const own = Object.hasOwn(scope.States, name) ? scope.States[name] : undefined;
  if (own !== undefined) return { scope, state: own, owner };
  for (const [outer, state] of Object.entries(scope.States)) {
    for (const inner of innerScopes(state)) {
      const found = place(inner, name, outer);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The names of the states that stand in the same set as one. */
export function siblings(scope: Scope, name: string): readonly string[] {
  return Object.keys(place(scope, name)?.scope.States ?? {});
}

/** The nearest state to a side; further down or up counts twice. */
function beside(picture: Picture, name: string, direction: 'left' | 'right'): string | undefined {
  const own = picture.nodes.find((node) => node.name === name);
  if (own === undefined) return undefined;
  const [x, y] = middle(own);
  const sign = direction === 'right' ? 1 : -1;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const node of picture.nodes) {
    if (node.name === '' || node.name === name || node.id.startsWith(`${own.id}/`) || own.id.startsWith(`${node.id}/`)) continue;
    const [otherX, otherY] = middle(node);
    const aside = (otherX - x) * sign;
    if (aside < 10) continue;
    const distance = aside + Math.abs(otherY - y) * 2;
    if (best === undefined || distance < best.distance) best = { name: node.name, distance };
  }
  return best?.name;
}

function middle(node: LaidNode): readonly [number, number] {
  return [node.x + node.width / 2, node.y + Math.min(node.height / 2, 40)];
}
