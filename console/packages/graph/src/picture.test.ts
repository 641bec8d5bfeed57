import { expect, it } from 'vitest';
import type { Scope } from './asl';
import { pictureOf } from './column.fixture';
import { withStates } from './picture';

it('gives boxes their states, whatever they are called', () => {
  const scope: Scope = {
    StartAt: 'a/b',
    States: {
      'a/b': { Type: 'Map', ItemProcessor: { StartAt: '100%', States: { '100%': { Type: 'Pass', End: true } } }, Next: 'constructor' },
      constructor: { Type: 'Succeed' },
    } as unknown as Scope['States'],
  };
  const types = withStates(pictureOf(scope), scope).nodes.map((node) => [node.id, node.state?.Type]);
  expect(types).toEqual([
    ['/a%2Fb', 'Map'],
    ['/a%2Fb/0/100%25', 'Pass'],
    ['/constructor', 'Succeed'],
  ]);
});
