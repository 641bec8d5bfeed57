import { type ExecutionFilter, readFilter } from './filter';

/** A filter with a name, kept in this browser. */
export interface SavedView {
  readonly name: string;
  readonly filter: ExecutionFilter;
}

const KEY = 'passo.views';
const VIEWS_MAX = 50;
export const NAME_MAX = 60;

/** Reads what was kept; what cannot be read is passed over. */
export function readViews(kept: string | null): readonly SavedView[] {
  let found: unknown;
  try {
    found = JSON.parse(kept ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: unknown) => {
    const { name, filter } = (one ?? {}) as { name?: unknown; filter?: unknown };
    if (typeof name !== 'string' || name === '' || typeof filter !== 'object' || filter === null) return [];
    return [{ name, filter: readFilter(filter as Record<string, unknown>) }];
  });
}

/** The same with a further view, which replaces one of the same name. */
export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...views.filter((one) => one.name !== view.name), view].slice(-VIEWS_MAX);
}

export function isSame(one: ExecutionFilter, other: ExecutionFilter): boolean {
  const text = (filter: ExecutionFilter) => JSON.stringify(Object.entries(filter).sort());
  return text(one) === text(other);
}

export function savedViews(): readonly SavedView[] {
  return readViews(localStorage.getItem(KEY));
}

export function keepViews(views: readonly SavedView[]): void {
  localStorage.setItem(KEY, JSON.stringify(views));
}
