import type { FoundExecution } from '@passo/api';
import { describe, expect, it } from 'vitest';
import { consequences, each } from './consequences';

const execution = (workflow: string, startDate: string) =>
  ({ stateMachineArn: `arn:aws:states:us-east-1:000000000000:stateMachine:${workflow}`, startDate }) as FoundExecution;

describe('a change of many executions', () => {
  it('is counted by workflow', () => {
    const found = consequences([
      execution('b', '2030-01-02T00:00:00Z'),
      execution('a', '2030-01-01T00:00:00Z'),
      execution('b', '2030-01-03T00:00:00Z'),
    ]);
    expect(found.workflows).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
    expect(found.oldest).toBe(Date.parse('2030-01-01T00:00:00Z'));
    expect(consequences([]).oldest).toBeUndefined();
  });
  it('goes on when some are refused, and does few at once', async () => {
    let [busy, most] = [0, 0];
    const act = async (number: number) => {
      busy += 1;
      most = Math.max(most, busy);
      await Promise.resolve();
      busy -= 1;
      if (number % 3 === 0) throw new Error(`no ${number}`);
    };
    expect(await each([1, 2, 3, 4, 5, 6], act, 2)).toEqual({ done: 4, refused: 2, reason: 'no 3' });
    expect(most).toBe(2);
  });
});
