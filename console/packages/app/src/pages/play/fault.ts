import type { Evaluation } from '@passo/api';

/** Where in an expression the server found something wrong: it counts from behind the `{%`, in bytes. */
export function faultOf(
  expression: string,
  answer: Evaluation | undefined,
): { readonly position: number; readonly message: string } | undefined {
  if (answer?.position === undefined || answer.message === undefined) return undefined;
  const before = /^\s*(\{%)?\s*/.exec(expression)?.[0].length ?? 0;
  const bytes = new TextEncoder().encode(expression.slice(before)).slice(0, answer.position);
  return { position: before + new TextDecoder().decode(bytes).length, message: answer.message };
}
