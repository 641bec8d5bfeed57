/** JSON for reading: pretty lines, and what differs between two documents. */

/** A payload with one member a line; what is no JSON stays as it stands. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export type LineKind = 'same' | 'added' | 'removed';

export interface DiffLine {
  readonly kind: LineKind;
  readonly text: string;
}

/** Above this many lines on a side a comparison would take too long: both are shown whole. */
const LINES_MAX = 1500;

/** The lines of two texts: what is in both, and what only one has. */
export function diff(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const same = (lines: string[]) => lines.map((text): DiffLine => ({ kind: 'same', text }));
  const [head, tail] = [same(old.slice(0, start)), same(old.slice(old.length - end))];
  const [removed, added] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  return [...head, ...middle(removed, added), ...tail];
}

function middle(removed: readonly string[], added: readonly string[]): DiffLine[] {
  if (removed.length > LINES_MAX || added.length > LINES_MAX) {
    return [...removed.map((text): DiffLine => ({ kind: 'removed', text })), ...added.map((text): DiffLine => ({ kind: 'added', text }))];
  }
  const common = lengths(removed, added);
  const width = added.length + 1;
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < removed.length || j < added.length) {
    const [gone, come] = [removed[i], added[j]];
    if (gone !== undefined && gone === come) {
      lines.push({ kind: 'same', text: gone });
      i += 1;
      j += 1;
    } else if (come === undefined || (gone !== undefined && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))) {
      lines.push({ kind: 'removed', text: gone ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: come });
      j += 1;
    }
  }
  return lines;
}

/** The lengths of the longest common subsequences of all tails. */
function lengths(removed: readonly string[], added: readonly string[]): Uint16Array {
  const width = added.length + 1;
  const table = new Uint16Array((removed.length + 1) * width);
  for (let i = removed.length - 1; i >= 0; i -= 1) {
    for (let j = added.length - 1; j >= 0; j -= 1) {
      const [below, aside] = [table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0];
      table[i * width + j] = removed[i] === added[j] ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, aside);
    }
  }
  return table;
}

export interface Token {
  readonly kind: 'key' | 'string' | 'number' | 'plain';
  readonly text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"(?=\s*:)|"(?:[^"\\]|\\.)*"|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b/g;

/** The parts of a line of JSON, to be coloured. Longer lines than a screen can show are left plain. */
export function tokens(line: string): Token[] {
  if (line.length > 2000) return [{ kind: 'plain', text: line }];
  const found: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > at) found.push({ kind: 'plain', text: line.slice(at, match.index) });
    at = match.index + match[0].length;
    const isKey = match[0].startsWith('"') && /^\s*:/.test(line.slice(at));
    found.push({ kind: isKey ? 'key' : match[0].startsWith('"') ? 'string' : 'number', text: match[0] });
  }
  if (at < line.length) found.push({ kind: 'plain', text: line.slice(at) });
  return found;
}
