import type { Picture } from '@passo/graph';
import type * as D from './decide';
import { send } from './http';
import type * as S from './see';
import type * as T from './types';

/** The server's own pages: what AWS has no action for. The reference is `docs/reference/admin-api.md`. */
export interface Pages {
  server: T.ServerFacts;
  executions: T.ExecutionPage;
  execution: S.Relations;
  figures: S.Figures;
  logs: S.ExecutionLogs;
  'map-runs': S.MapRunPage;
  session: T.Session;
  tasks: { tasks: T.PendingTask[] };
  decisions: { decisions: D.MadeDecision[] };
  activities: { activities: D.Activity[] };
  cost: D.ExecutionCost & D.PeriodCost;
  metrics: { workflows: T.WorkflowMetrics[] };
  failures: { groups: T.FailureGroup[]; lookedAt: number; complete: boolean };
  evaluate: T.Evaluation;
  convert: T.Conversion;
  format: { text: string };
  layout: Picture;
  /** An SVG document. */
  graph: string;
}

export interface AdminRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks one of the server's own pages. */
export async function admin<P extends keyof Pages>(page: P | `${P}/${string}`, request: AdminRequest = {}): Promise<Pages[P]> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (Array.isArray(value)) for (const one of value) query.append(name, one);
    else if (value !== undefined && value !== '') query.append(name, String(value));
  }
  const tail = query.size === 0 ? '' : `?${query}`;
  const answer = await send(`/_passo/v1/${page}${tail}`, {
    method: request.method ?? 'GET',
    headers: request.body === undefined ? {} : { 'content-type': 'application/json' },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    ...(request.signal !== undefined && { signal: request.signal }),
  });
  return answer as Pages[P];
}
