import { nameOf } from '../parts/arn';

const BASE = '/console';

/** Addresses of pages, as components that take an `href` want them. */
export const links = {
  home: `${BASE}/`,
  executions: (query: Readonly<Record<string, string>> = {}) => withQuery(`${BASE}/executions`, query),
  execution: (arn: string, query: Readonly<Record<string, string>> = {}) =>
    withQuery(`${BASE}/executions/${encodeURIComponent(arn)}`, query),
  workflows: `${BASE}/workflows`,
  workflow: (arn: string, query: Readonly<Record<string, string>> = {}) =>
    withQuery(`${BASE}/workflows/${encodeURIComponent(nameOf(arn))}`, query),
  edit: (name: string) => `${BASE}/workflows/${encodeURIComponent(name)}/edit`,
  create: `${BASE}/new`,
  approvals: (id?: string, query: Readonly<Record<string, string>> = {}) =>
    withQuery(id === undefined ? `${BASE}/approvals` : `${BASE}/approvals/${id}`, query),
  activities: `${BASE}/activities`,
  cost: (query: Readonly<Record<string, string>> = {}) => withQuery(`${BASE}/cost`, query),
  failures: `${BASE}/failures`,
  mapRuns: (query: Readonly<Record<string, string>> = {}) => withQuery(`${BASE}/map-runs`, query),
  mapRun: (arn: string) => `${BASE}/map-runs/${encodeURIComponent(arn)}`,
  play: (query: Readonly<Record<string, string>> = {}) => withQuery(`${BASE}/play`, query),
  test: (query: Readonly<Record<string, string>> = {}) => withQuery(`${BASE}/test`, query),
  settings: `${BASE}/settings`,
};

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}
