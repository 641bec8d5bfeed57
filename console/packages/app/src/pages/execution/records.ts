import type { LogRecord } from '@passo/api';

export type Source = 'all' | LogRecord['source'];

/** The records of one source, and of one state where one is given, in which a text occurs. */
export function fitting(
  records: readonly LogRecord[],
  source: Source,
  wanted: string,
  stateOf: (record: LogRecord) => string | undefined,
  state?: string,
): readonly LogRecord[] {
  const word = wanted.trim().toLowerCase();
  return records.filter(
    (record) =>
      (source === 'all' || record.source === source) &&
      (state === undefined || stateOf(record) === state) &&
      (word === '' || record.message.toLowerCase().includes(word) || stateOf(record)?.toLowerCase().includes(word) === true),
  );
}

/** What a record says in one line: what happened, and to which details, where it is a record of an execution. */
export function brief(record: LogRecord): string {
  if (record.source === 'function') return record.message;
  try {
    const { type, details } = JSON.parse(record.message) as { type: string; details?: Record<string, unknown> };
    const { name, error, resource, cause } = details ?? {};
    return [type, name, resource, error, cause].filter((part) => typeof part === 'string').join(' · ');
  } catch {
    return record.message;
  }
}
