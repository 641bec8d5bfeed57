import { expect, test } from 'vitest';
import { isWrong, routesOf, routingOf } from './routing';

test('one version gets all, two share', () => {
  expect(routingOf([], ['v:2', 'v:1'])).toEqual({ first: 'v:2', second: '', weight: 100 });
  const routes = [
    { stateMachineVersionArn: 'v:1', weight: 90 },
    { stateMachineVersionArn: 'v:2', weight: 10 },
  ];
  expect(routesOf(routingOf(routes, []))).toEqual(routes);
  expect(routesOf({ first: 'v:1', second: '', weight: 30 })).toEqual([{ stateMachineVersionArn: 'v:1', weight: 100 }]);
});

test('what cannot be routed is told', () => {
  expect(isWrong({ first: 'a', second: 'b', weight: 50 })).toBe(false);
  expect(isWrong({ first: 'a', second: '', weight: Number.NaN })).toBe(false);
  expect(isWrong({ first: '', second: '', weight: 100 })).toBe(true);
  expect(isWrong({ first: 'a', second: 'a', weight: 50 })).toBe(true);
  for (const weight of [-1, 101, 1.5, Number.NaN]) expect(isWrong({ first: 'a', second: 'b', weight })).toBe(true);
});
