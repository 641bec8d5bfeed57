import { describe, expect, it } from 'vitest';
import { Fold } from './fold';
import type { HistoryEvent } from './history';
import { timeScale } from './scale';

/** `[type, previous, details]`; ids and seconds are counted. */
type Short = readonly [type: string, previous: number, details?: Record<string, unknown>];

function history(events: readonly Short[]): HistoryEvent[] {
  return events.map(([type, previousEventId, details], index) => {
    const member = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
    return { id: index + 1, previousEventId, timestamp: index, type, ...(details && { [member]: details }) };
  });
}

const RETRIED: readonly Short[] = [
  ['ExecutionStarted', 0, { input: '{"a":1}' }],
  ['TaskStateEntered', 0, { name: 'Pay', input: '{"a":1}' }],
  ['TaskScheduled', 2, { resource: 'invoke', resourceType: 'lambda', parameters: '{}' }],
  ['TaskStarted', 3],
  ['TaskFailed', 4, { error: 'Busy', cause: 'try later' }],
  ['TaskScheduled', 5, { resource: 'invoke', resourceType: 'lambda', parameters: '{}' }],
  ['TaskStarted', 6],
  ['TaskSucceeded', 7, { output: '{"paid":true}' }],
  ['TaskStateExited', 8, { name: 'Pay', output: '{"paid":true}' }],
  ['SucceedStateEntered', 9, { name: 'Done', input: '{}' }],
  ['SucceedStateExited', 10, { name: 'Done', output: '{}' }],
  ['ExecutionSucceeded', 11, { output: '{}' }],
];

function fold(events: readonly Short[]): Fold {
  const made = new Fold();
  made.apply(history(events));
  return made;
}

describe('fold', () => {
  it('tells attempts apart, and counts retries', () => {
    const { run, ...rest } = { run: fold(RETRIED).run, state: fold(RETRIED).state('Pay') };
    expect(run).toMatchObject({ status: 'SUCCEEDED', transitions: 3, lastEvent: 12, input: '{"a":1}' });
    expect(run.visits[0]?.attempts.map(({ status, error }) => [status, error])).toEqual([
      ['failed', 'Busy'],
      ['succeeded', undefined],
    ]);
    expect(rest.state).toMatchObject({ status: 'succeeded', retries: 1, visits: 1, milliseconds: 7000, next: new Set(['Done']) });
  });

  it('gives the same however the events are cut into pieces', () => {
    const whole = fold(RETRIED);
    for (let size = 1; size <= RETRIED.length; size += 1) {
      const pieces = new Fold();
      const events = history(RETRIED);
      for (let at = 0; at < events.length; at += size) pieces.apply(events.slice(Math.max(0, at - 2), at + size));
      expect(pieces.run, `pieces of ${size}`).toEqual(whole.run);
    }
  });

  it('keeps branches that run at once apart', () => {
    const { run } = fold([
      ['ExecutionStarted', 0],
      ['ParallelStateEntered', 0, { name: 'Both' }],
      ['ParallelStateStarted', 2],
      ['WaitStateEntered', 3, { name: 'Left' }],
      ['TaskStateEntered', 3, { name: 'Right' }],
      ['TaskScheduled', 5, { resource: 'x', resourceType: 'y' }],
      ['WaitStateExited', 4, { name: 'Left' }],
      ['TaskFailed', 6, { error: 'Broken' }],
      ['ParallelStateFailed', 8],
      ['ParallelStateExited', 9, { name: 'Both' }],
      ['PassStateEntered', 10, { name: 'After' }],
    ]);
    expect(run.visits.map(({ state, status, parent, depth }) => [state, status, parent, depth])).toEqual([
      ['Both', 'caught', undefined, 0],
      ['Left', 'succeeded', 0, 1],
      ['Right', 'failed', 0, 1],
      ['After', 'running', undefined, 0],
    ]);
  });

  it('counts iterations', () => {
    const made = fold([
      ['ExecutionStarted', 0],
      ['MapStateEntered', 0, { name: 'Each' }],
      ['MapStateStarted', 2, { length: 3 }],
      ['MapIterationStarted', 3, { name: 'Each', index: 0 }],
      ['PassStateEntered', 4, { name: 'One' }],
      ['PassStateExited', 5, { name: 'One' }],
      ['MapIterationSucceeded', 6, { name: 'Each', index: 0 }],
      ['MapIterationStarted', 7, { name: 'Each', index: 1 }],
      ['PassStateEntered', 8, { name: 'One' }],
    ]);
    expect(made.state('Each')?.map).toEqual({ total: 3, running: 1, succeeded: 1, failed: 0 });
    expect(made.visits('One').map((visit) => visit.iteration)).toEqual([0, 1]);
  });

  it('finds the state that failed, and ends the others', () => {
    const { run } = fold([
      ['ExecutionStarted', 0],
      ['ParallelStateEntered', 0, { name: 'Both' }],
      ['ParallelStateStarted', 2],
      ['WaitStateEntered', 3, { name: 'Left' }],
      ['FailStateEntered', 3, { name: 'Right' }],
      ['ParallelStateFailed', 5],
      ['ExecutionFailed', 6, { error: 'No', cause: 'because' }],
    ]);
    expect(run.visits[run.failedAt ?? -1]).toMatchObject({ state: 'Right', status: 'failed', error: 'No' });
    expect(run.visits.find((visit) => visit.state === 'Left')?.status).toBe('aborted');
  });

  it('knows who waits for a decision', () => {
    const waiting = fold([
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 0, { name: 'Ask' }],
      ['TaskScheduled', 2, { resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs' }],
      ['TaskStarted', 3],
      ['TaskSubmitted', 4],
    ]);
    expect(waiting.state('Ask')?.status).toBe('waiting');
    const activity = fold([
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 0, { name: 'Ask' }],
      ['ActivityScheduled', 2, { resource: 'arn' }],
    ]);
    expect(activity.state('Ask')?.status).toBe('waiting');
  });

  it('goes on after a redrive', () => {
    const { run } = fold([
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 0, { name: 'Pay' }],
      ['TaskScheduled', 2, {}],
      ['TaskFailed', 3, { error: 'Busy' }],
      ['ExecutionFailed', 4, { error: 'Busy' }],
      ['ExecutionRedriven', 5],
      ['TaskScheduled', 6, {}],
      ['TaskSucceeded', 7],
      ['TaskStateExited', 8, { name: 'Pay' }],
      ['ExecutionSucceeded', 9],
    ]);
    expect(run.status).toBe('SUCCEEDED');
    expect(run.visits.map(({ state, status }) => [state, status])).toEqual([['Pay', 'succeeded']]);
  });

  it('bears a history that begins in the middle', () => {
    expect(
      fold([
        ['TaskSucceeded', 77],
        ['PassStateExited', 1],
        ['MapIterationStarted', 2],
      ]).run.visits,
    ).toEqual([]);
  });
});

describe('time scale', () => {
  it('is even where nothing is silent', () => {
    const { at, cuts } = timeScale([0, 250, 500, 750, 1000]);
    expect([at(0), at(500), at(1000), cuts]).toEqual([0, 0.5, 1, []]);
  });

  it('cuts a long silence, and never goes backwards', () => {
    const { at, cuts } = timeScale([0, 1000, 2000, 3_602_000, 3_603_000]);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]?.milliseconds).toBe(3_600_000);
    expect(at(2000)).toBeGreaterThan(0.5);
    let before = -1;
    for (let time = -500; time < 3_700_000; time += 777) {
      expect(at(time)).toBeGreaterThanOrEqual(before);
      before = at(time);
    }
    expect(at(3_603_000)).toBe(1);
  });

  it('bears nothing and a single moment', () => {
    expect(timeScale([]).at(5)).toBe(0);
    expect(timeScale([7]).at(7)).toBe(0);
  });
});
