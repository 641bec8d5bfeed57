/** What an ARN tells by its form alone. */

/** The last part of an ARN: a name. */
export function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

/** The workflow of an execution, by the execution's ARN; that of a Map run's child without the Map's label. */
export function workflowOf(executionArn: string): string {
  return (executionArn.split(':')[6] ?? '').split('/')[0] ?? '';
}

/** The version or alias at the end of a qualified ARN of a state machine. */
export function qualifierOf(arn: string | undefined): string | undefined {
  return arn?.split(':')[7];
}

/** The ARN of the state machine of an execution. */
export function machineOf(executionArn: string): string {
  const parts = executionArn.split(':');
  return [...parts.slice(0, 5), 'stateMachine', workflowOf(executionArn)].join(':');
}

/** Whether an ARN is an Express execution's. */
export function isExpress(executionArn: string): boolean {
  return executionArn.split(':')[5] === 'express';
}
