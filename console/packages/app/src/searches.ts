/** What the addresses of pages may hold. They are read before a page's own file is there. */

export interface ApprovalsSearch {
  /** `decided` for those that were made. */
  readonly list?: 'decided';
  readonly assignee?: string;
}

/** Reads which decisions are shown. */
export function readApprovals(search: Record<string, unknown>): ApprovalsSearch {
  return {
    ...(search.list === 'decided' && { list: 'decided' as const }),
    ...(search.assignee !== undefined && search.assignee !== '' && { assignee: String(search.assignee) }),
  };
}

/** Reads which month costs are shown of, as `2030-01`; none for the last 30 days. */
export function readCost(search: Record<string, unknown>): { month?: string } {
  const { month } = search;
  return typeof month === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? { month } : {};
}

/** Reads the time that failures are looked for in. */
export function readPeriod(search: Record<string, unknown>): { since?: string } {
  return typeof search.since === 'string' ? { since: search.since } : {};
}

/** Reads which names are looked for. */
export function readWorkflows(search: Record<string, unknown>): { q?: string } {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {};
}

export interface WorkflowSearch {
  readonly tab?: string;
  /** The time that figures are of. */
  readonly since?: string;
  /** The versions that are compared; empty for what is saved now. */
  readonly from?: string;
  readonly to?: string;
}

/** Reads which tab is open, and what it shows. */
export function readWorkflow(search: Record<string, unknown>): WorkflowSearch {
  return {
    ...(typeof search.tab === 'string' && { tab: search.tab }),
    ...(typeof search.since === 'string' && { since: search.since }),
    ...(search.from !== undefined && { from: String(search.from) }),
    ...(search.to !== undefined && { to: String(search.to) }),
  };
}

export interface PlaySearch {
  readonly expression?: string;
  readonly input?: string;
  readonly language?: 'JSONata' | 'JSONPath';
}

/** Reads what is in the playground from its address, so that it can be shared. */
export function readPlay(search: Record<string, unknown>): PlaySearch {
  const { expression, input, language } = search;
  return {
    ...(expression !== undefined && { expression: String(expression) }),
    ...(input !== undefined && { input: typeof input === 'string' ? input : JSON.stringify(input) }),
    ...((language === 'JSONata' || language === 'JSONPath') && { language }),
  };
}

export interface TestSearch {
  readonly definition?: string;
  readonly input?: string;
}

/** Reads the state and the input from the address. */
export function readTest(search: Record<string, unknown>): TestSearch {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    ...(search.definition !== undefined && { definition: text(search.definition) }),
    ...(search.input !== undefined && { input: text(search.input) }),
  };
}

const VIEWS = ['split', 'graph', 'code'] as const;
export type EditorView = (typeof VIEWS)[number];

export interface EditorSearch {
  /** The state that is chosen. */
  readonly state?: string;
  readonly view?: EditorView;
  readonly template?: string;
}

/** Reads what the editor shows. */
export function readEditor(search: Record<string, unknown>): EditorSearch {
  const view = VIEWS.find((one) => one === search.view);
  return {
    ...(search.state !== undefined && { state: String(search.state) }),
    ...(view !== undefined && { view }),
    ...(search.template !== undefined && { template: String(search.template) }),
  };
}

export interface MapRunsSearch {
  readonly status?: string;
  readonly workflow?: string;
}

/** Reads which Map runs, or children of one, are looked for. */
export function readMapRuns(search: Record<string, unknown>): MapRunsSearch {
  const { status, workflow } = search;
  return {
    ...(typeof status === 'string' && status !== '' && { status }),
    ...(workflow !== undefined && workflow !== '' && { workflow: String(workflow) }),
  };
}
