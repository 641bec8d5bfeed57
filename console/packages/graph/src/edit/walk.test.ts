import { describe, expect, it } from 'vitest';
import type { Scope } from '../asl';
import { pictureOf } from '../column.fixture';
import { templateOf } from './export';
import { neighbour, siblings } from './walk';

const scope: Scope = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Next: 'Both' },
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'One', States: { One: { Type: 'Pass', Next: 'Two' }, Two: { Type: 'Pass', End: true } } },
        { StartAt: 'Other', States: { Other: { Type: 'Pass', End: true } } },
      ],
      End: true,
    },
  },
};
const picture = pictureOf(scope);

describe('the arrows go', () => {
  it.each([
    [undefined, 'down', 'A'],
    ['A', 'down', 'Both'],
    ['Both', 'up', 'A'],
    ['Both', 'in', 'One'],
    ['One', 'down', 'Two'],
    ['Two', 'up', 'One'],
    ['One', 'up', 'Both'],
    ['One', 'out', 'Both'],
    ['One', 'right', 'Other'],
    ['Other', 'left', 'One'],
    ['A', 'out', undefined],
    ['A', 'in', undefined],
    ['gone', 'down', 'A'],
  ] as const)('from %s %s to %s', (name, direction, expected) => {
    expect(neighbour(scope, picture, name, direction)).toBe(expected);
  });

  it('know who stands beside', () => {
    expect(siblings(scope, 'Two')).toEqual(['One', 'Two']);
    expect(siblings(scope, 'gone')).toEqual([]);
  });
});

describe('exports', () => {
  it('are templates', () => {
    const made = JSON.parse(templateOf('sam', 'my workflow!', 'EXPRESS', scope)) as { Resources: Record<string, { Properties: object }> };
    expect(made.Resources.myworkflow?.Properties).toMatchObject({ Type: 'EXPRESS', Definition: { StartAt: 'A' } });
    expect(templateOf('cloudformation', '流', 'STANDARD', scope)).toContain('"StateMachine": {');
  });
});
