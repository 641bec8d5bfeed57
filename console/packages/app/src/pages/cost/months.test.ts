import { describe, expect, it } from 'vitest';
import { months, periodOf, saving } from './months';

describe('months', () => {
  it('end where the next begins', () => {
    expect(periodOf('2030-12')).toEqual({ since: '2030-12-01T00:00:00.000Z', until: '2031-01-01T00:00:00.000Z' });
  });
  it('go back over the turn of a year', () => {
    expect(months(Date.UTC(2030, 1, 28, 23), 3)).toEqual(['2030-02', '2030-01', '2029-12']);
  });
  it('are compared by what is saved', () => {
    expect([saving(2, 1), saving(1, 3), saving(0, 5)]).toEqual([0.5, -2, 0]);
  });
});
