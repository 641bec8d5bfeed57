import type { PendingTask } from '@passo/api';

/** Everybody who is asked for something, in the order of the alphabet. */
export function assignees(tasks: readonly PendingTask[]): readonly string[] {
  const names = tasks.flatMap((task) => (task.assignee === undefined ? [] : [task.assignee]));
  return [...new Set(names)].sort((one, other) => one.localeCompare(other));
}

/** What somebody is asked for; everything where nobody is named. */
export function mine(tasks: readonly PendingTask[], assignee: string | undefined): readonly PendingTask[] {
  return assignee === undefined ? tasks : tasks.filter((task) => task.assignee === assignee);
}

/** A response to begin with: what a JSON Schema asks for, or else an approval. */
export function responseFor(schema: unknown): string {
  const value = schema === undefined ? { approved: true } : example(schema, 0);
  return JSON.stringify(value, null, 2);
}

const DEPTH_MAX = 8;

function example(schema: unknown, depth: number): unknown {
  if (typeof schema !== 'object' || schema === null || depth > DEPTH_MAX) return null;
  const { type, properties, required } = schema as { type?: unknown; properties?: Record<string, unknown>; required?: unknown };
  const allowed = (schema as { enum?: unknown }).enum;
  if (Array.isArray(allowed)) return allowed[0] ?? null;
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return 0;
  if (type === 'string') return '';
  if (type === 'array') return [];
  if (type === 'null') return null;
  const names = new Set([...(Array.isArray(required) ? required.map(String) : []), ...Object.keys(properties ?? {})]);
  return Object.fromEntries([...names].map((name) => [name, example(properties?.[name], depth + 1)]));
}
