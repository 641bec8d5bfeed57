import { jsonLanguage } from '@codemirror/lang-json';

type Tree = ReturnType<typeof jsonLanguage.parser.parse>;
type SyntaxNode = Tree['topNode'];

export interface Located {
  readonly from: number;
  readonly to: number;
  /** The state that it is in. */
  readonly state?: string;
}

/**
 * Finds what a diagnostic's location names, in a text: `/States/Pay/Retry[0]/ErrorEquals`, or `… line: 3, column: 7]`.
 *
 * Names are not escaped in locations, so one with a slash is found by trying.
 */
export function locate(text: string, location: string): Located | undefined {
  const at = /line: (\d+), column: (\d+)\]?$/.exec(location);
  if (at !== null) return lineAndColumn(text, Number(at[1]), Number(at[2]));
  const top = jsonLanguage.parser.parse(text).topNode.firstChild;
  return top === null ? undefined : descend(text, top, location, top.from, Math.min(top.from + 1, top.to), undefined);
}

function lineAndColumn(text: string, line: number, column: number): Located {
  let from = 0;
  for (let number = 1; number < line; number += 1) {
    const end = text.indexOf('\n', from);
    if (end < 0) break;
    from = end + 1;
  }
  const at = Math.min(text.length, Math.max(0, from + column - 1));
  return { from: Math.max(0, Math.min(at, text.length - 1)), to: at === text.length ? at : at + 1 };
}

function descend(text: string, node: SyntaxNode, rest: string, from: number, to: number, state: string | undefined): Located | undefined {
  if (rest === '' || rest === '/') return { from, to, ...(state !== undefined && { state }) };
  if (node.name === 'Array') {
    const [whole, index] = /^\[(\d+)\]/.exec(rest) ?? [];
    const item = index === undefined ? undefined : items(node)[Number(index)];
    if (whole === undefined || item === undefined) return undefined;
    return descend(text, item, rest.slice(whole.length), item.from, item.name === 'Object' ? item.from + 1 : item.to, state);
  }
  if (node.name !== 'Object' || !rest.startsWith('/')) return undefined;
  for (const property of node.getChildren('Property')) {
    const [name, value] = [property.firstChild, property.lastChild];
    if (name === null || value === null) continue;
    const word = parsed(text.slice(name.from, name.to));
    const after = rest.slice(1 + word.length);
    if (!rest.startsWith(word, 1) || (after !== '' && !/^[/[]/.test(after))) continue;
    const isScalar = value.name !== 'Object' && value.name !== 'Array';
    const inside = holdsStates(text, property) ? word : state;
    const found = descend(text, value, after, isScalar ? value.from : name.from, isScalar ? value.to : name.to, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

function items(array: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = array.firstChild; child !== null; child = child.nextSibling) if (/^[A-Z]/.test(child.name)) found.push(child);
  return found;
}

function parsed(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.replace(/^"|"$/g, '');
  }
}

/** Whether a property is a state: it stands in an object that is the value of `States`. */
function holdsStates(text: string, property: SyntaxNode): boolean {
  const around = property.parent?.parent;
  const name = around?.name === 'Property' ? around.firstChild : null;
  return name !== null && name !== undefined && text.slice(name.from, name.to) === '"States"';
}

/** Where a state begins: its name in the text. */
export function stateAt(text: string, name: string): Located | undefined {
  let found: Located | undefined;
  jsonLanguage.parser.parse(text).iterate({
    enter: (ref) => {
      if (found !== undefined) return false;
      if (ref.name !== 'Property') return undefined;
      const key = ref.node.firstChild;
      if (key === null || parsed(text.slice(key.from, key.to)) !== name || !holdsStates(text, ref.node)) return undefined;
      found = { from: key.from, to: key.to, state: name };
      return false;
    },
  });
  return found;
}

/** Names of the objects and fields around a place in a text, from the outside in; `[]` stands for an array. */
export function pathAt(text: string, tree: Tree, position: number): string[] {
  const path: string[] = [];
  for (let node: SyntaxNode | null = tree.resolveInner(position, -1); node !== null; node = node.parent) {
    if (node.name === 'Array') path.unshift('[]');
    if (node.name !== 'Property') continue;
    const name = node.firstChild;
    if (name !== null && name.to < position) path.unshift(parsed(text.slice(name.from, name.to)));
  }
  return path;
}

/** The state around a place in a text. */
export function stateAround(text: string, tree: Tree, position: number): string | undefined {
  for (let node: SyntaxNode | null = tree.resolveInner(position, -1); node !== null; node = node.parent) {
    const name = node.name === 'Property' ? node.firstChild : null;
    if (name !== null && holdsStates(text, node)) return parsed(text.slice(name.from, name.to));
  }
  return undefined;
}
