import { expect, it } from 'vitest';
import { stagesOf } from './pipeline';

it('puts stages into the order in which a state works', () => {
  const data = { afterResultPath: '{"r":1}', result: '1', input: '{"x":2}', afterInputPath: '2', novelty: { a: 1 } };
  const stages = stagesOf(data, '{"r":1}');
  expect(stages.map(({ name }) => name)).toEqual(['input', 'afterInputPath', 'result', 'afterResultPath', 'novelty', 'output']);
  expect(stages.map(({ before }) => before)).toEqual([undefined, '{"x":2}', undefined, '1', '{"r":1}', '{"a":1}']);
});

it('bears that nothing is told', () => {
  expect(stagesOf({}, undefined)).toEqual([]);
});
