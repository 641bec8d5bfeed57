import { expect, test } from 'vitest';
import { faultOf } from './fault';

test('a position is one of the text as it is written', () => {
  const at = (expression: string, position: number) => faultOf(expression, { error: 'SyntaxError', message: 'no', position })?.position;
  expect(at('1 +', 3)).toBe(3);
  expect(at('{% 1 + %}', 4)).toBe(7);
  expect(at('"é" +', 6)).toBe(5);
  expect(faultOf('1', { result: 1 })).toBeUndefined();
});
