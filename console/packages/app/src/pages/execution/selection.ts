import { useNavigate, useSearch } from '@tanstack/react-router';

export const VIEWS = ['graph', 'states', 'events', 'io', 'logs', 'definition'] as const;
export type View = (typeof VIEWS)[number];

export interface ExecutionSearch {
  readonly view?: View;
  /** The state that is chosen, and which of its visits. */
  readonly state?: string;
  readonly visit?: number;
  readonly event?: number;
  readonly tab?: string;
}

/** Reads what the address of an execution says beside its ARN. */
export function readSearch(search: Record<string, unknown>): ExecutionSearch {
  const number = (value: unknown) => (Number.isInteger(Number(value)) && value !== undefined ? Number(value) : undefined);
  const view = VIEWS.find((one) => one === search.view);
  const [visit, event] = [number(search.visit), number(search.event)];
  return {
    ...(view !== undefined && { view }),
    ...(typeof search.state === 'string' && { state: search.state }),
    ...(visit !== undefined && { visit }),
    ...(event !== undefined && { event }),
    ...(typeof search.tab === 'string' && { tab: search.tab }),
  };
}

export interface Selection extends ExecutionSearch {
  readonly view: View;
  readonly choose: (state: string | undefined, visit?: number) => void;
  /** Chooses a state, and shows it in the picture. */
  readonly goTo: (state: string, visit?: number) => void;
  readonly chooseEvent: (event: number | undefined) => void;
  readonly setView: (view: View) => void;
  readonly setTab: (tab: string) => void;
}

/** The one selection of the page, which is in its address: picture, timeline, inspector and events share it. */
export function useSelection(): Selection {
  const search: ExecutionSearch = useSearch({ from: '/executions/$arn' });
  const navigate = useNavigate();
  const change = (changes: Partial<Record<keyof ExecutionSearch, unknown>>, replace: boolean) => {
    const next = readSearch({ ...search, ...changes } as Record<string, unknown>);
    void navigate({ to: '.', search: next as never, replace });
  };
  return {
    ...search,
    view: search.view ?? 'graph',
    choose: (state, visit) => change({ state, visit, event: undefined }, true),
    goTo: (state, visit) => change({ state, visit, event: undefined, view: undefined }, false),
    chooseEvent: (event) => change({ event }, true),
    setView: (view) => change({ view: view === 'graph' ? undefined : view }, false),
    setTab: (tab) => change({ tab }, true),
  };
}
