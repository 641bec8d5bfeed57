import { innerScopes, type Scope } from './asl';
import type { LaidEdge, LaidNode, Picture } from './picture';
import { waysOf } from './ways';

const [WIDTH, HEIGHT, STEP] = [100, 40, 80];

/** A picture for tests: the states of a scope below each other, those inside to the right. The real one is the server's. */
export function pictureOf(scope: Scope): Picture {
  const nodes: LaidNode[] = [];
  const edges: LaidEdge[] = [];
  put(scope, '/', 0, 0, nodes, edges);
  return { width: 0, height: 0, nodes, edges };
}

function put(scope: Scope, path: string, left: number, depth: number, nodes: LaidNode[], edges: LaidEdge[]): void {
  const id = (name: string) => path + name.replaceAll('%', '%25').replaceAll('/', '%2F');
  Object.entries(scope.States).forEach(([name, state], index) => {
    const inner = innerScopes(state);
    const kind = inner.length === 0 ? 'state' : 'container';
    nodes.push({ id: id(name), kind, name, x: left, y: index * STEP, width: WIDTH, height: HEIGHT, depth });
    inner.forEach((one, branch) => {
      put(one, `${id(name)}/${branch}/`, left + (branch + 1) * 2 * WIDTH, depth + 1, nodes, edges);
    });
  });
  const middle = (name: string, below: number) => {
    const node = nodes.find((one) => one.id === id(name));
    return { x: (node?.x ?? 0) + WIDTH / 2, y: (node?.y ?? 0) + below };
  };
  waysOf(scope).forEach((way, index) => {
    const points = [middle(way.from, HEIGHT), middle(way.to, 0)];
    edges.push({ ...way, id: `${path}>${index}`, source: id(way.from), target: id(way.to), points, path: '' });
  });
}
