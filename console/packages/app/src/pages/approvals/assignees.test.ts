import type { PendingTask } from '@passo/api';
import { describe, expect, it } from 'vitest';
import { assignees, mine, responseFor } from './assignees';

const task = (id: string, assignee?: string) => ({ id, ...(assignee !== undefined && { assignee }) }) as PendingTask;

describe('decisions', () => {
  const tasks = [task('1', 'bo'), task('2'), task('3', 'ana'), task('4', 'bo')];
  it('are asked of somebody', () => {
    expect(assignees(tasks)).toEqual(['ana', 'bo']);
    expect(mine(tasks, 'bo').map((one) => one.id)).toEqual(['1', '4']);
    expect(mine(tasks, undefined)).toHaveLength(4);
  });
  it('begin with a response of the shape that is wanted', () => {
    expect(JSON.parse(responseFor(undefined))).toEqual({ approved: true });
    const schema = { type: 'object', required: ['why'], properties: { approved: { type: 'boolean' }, level: { enum: ['low', 'high'] } } };
    expect(JSON.parse(responseFor(schema))).toEqual({ why: null, approved: true, level: 'low' });
    expect(JSON.parse(responseFor({ type: 'string' }))).toBe('');
    expect(JSON.parse(responseFor('nonsense'))).toBeNull();
  });
});
