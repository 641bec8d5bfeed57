import type { LogRecord } from '@passo/api';
import { describe, expect, it } from 'vitest';
import { brief, fitting } from './records';

const record = (source: LogRecord['source'], message: string, state?: string): LogRecord => ({
  at: '2030-01-01T00:00:00Z',
  source,
  logGroup: 'g',
  logStream: 's',
  message,
  ...(state !== undefined && { state }),
});

describe('records', () => {
  const records = [record('execution', 'Paid', 'Charge'), record('function', 'hello', 'Charge'), record('function', 'bye', 'Pack')];
  const messages = (...rest: Parameters<typeof fitting> extends [unknown, ...infer Rest] ? Rest : never) =>
    fitting(records, ...rest).map((one) => one.message);
  const stateOf = (one: LogRecord) => one.state;

  it('are found by source, word and state', () => {
    expect(messages('all', '', stateOf)).toEqual(['Paid', 'hello', 'bye']);
    expect(messages('function', '', stateOf)).toEqual(['hello', 'bye']);
    expect(messages('all', ' HELL ', stateOf)).toEqual(['hello']);
    expect(messages('all', 'pack', stateOf)).toEqual(['bye']);
    expect(messages('all', '', stateOf, 'Charge')).toEqual(['Paid', 'hello']);
  });

  it('are told in one line', () => {
    expect(brief(record('execution', '{"type":"TaskFailed","details":{"error":"E","cause":"C","resource":"invoke"}}'))).toBe(
      'TaskFailed · invoke · E · C',
    );
    expect(brief(record('execution', 'no JSON'))).toBe('no JSON');
    expect(brief(record('function', '{"type":"x"}'))).toBe('{"type":"x"}');
  });
});
