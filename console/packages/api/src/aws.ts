import { send } from './http';
import type * as T from './types';

/** The actions that the console calls: parameters and answers as AWS's API reference gives them. */
export interface Actions {
  ListStateMachines: [T.Paged, { stateMachines: T.StateMachineItem[]; nextToken?: string }];
  DescribeStateMachine: [{ stateMachineArn: string }, T.StateMachine];
  DescribeStateMachineForExecution: [{ executionArn: string }, T.StateMachineForExecution];
  CreateStateMachine: [T.NewStateMachine, { stateMachineArn: string; stateMachineVersionArn?: string }];
  UpdateStateMachine: [
    { stateMachineArn: string; definition?: string; publish?: boolean; versionDescription?: string },
    { updateDate: number; stateMachineVersionArn?: string },
  ];
  DeleteStateMachine: [{ stateMachineArn: string }, object];
  ValidateStateMachineDefinition: [{ definition: string; type?: T.WorkflowType }, { result: 'OK' | 'FAIL'; diagnostics: T.Diagnostic[] }];
  ListStateMachineVersions: [
    { stateMachineArn: string } & T.Paged,
    { stateMachineVersions: { stateMachineVersionArn: string; creationDate: number }[]; nextToken?: string },
  ];
  ListStateMachineAliases: [
    { stateMachineArn: string } & T.Paged,
    { stateMachineAliases: { stateMachineAliasArn: string; creationDate: number }[]; nextToken?: string },
  ];
  DescribeStateMachineAlias: [
    { stateMachineAliasArn: string },
    {
      stateMachineAliasArn: string;
      name: string;
      description?: string;
      routingConfiguration: { stateMachineVersionArn: string; weight: number }[];
    },
  ];
  CreateStateMachineAlias: [
    { name: string; description?: string; routingConfiguration: { stateMachineVersionArn: string; weight: number }[] },
    { stateMachineAliasArn: string; creationDate: number },
  ];
  UpdateStateMachineAlias: [
    { stateMachineAliasArn: string; routingConfiguration: { stateMachineVersionArn: string; weight: number }[] },
    { updateDate: number },
  ];
  DeleteStateMachineAlias: [{ stateMachineAliasArn: string }, object];
  PublishStateMachineVersion: [{ stateMachineArn: string; description?: string }, { stateMachineVersionArn: string; creationDate: number }];
  DescribeExecution: [{ executionArn: string }, T.Execution];
  StartExecution: [{ stateMachineArn: string; name?: string; input?: string }, { executionArn: string; startDate: number }];
  StartSyncExecution: [{ stateMachineArn: string; name?: string; input?: string }, T.SyncExecution];
  StopExecution: [{ executionArn: string; error?: string; cause?: string }, { stopDate: number }];
  RedriveExecution: [{ executionArn: string }, { redriveDate: number }];
  ListMapRuns: [{ executionArn: string } & T.Paged, { mapRuns: T.MapRunItem[]; nextToken?: string }];
  DescribeMapRun: [{ mapRunArn: string }, T.MapRun];
  UpdateMapRun: [
    { mapRunArn: string; maxConcurrency?: number; toleratedFailureCount?: number; toleratedFailurePercentage?: number },
    object,
  ];
  ListExecutions: [
    { stateMachineArn?: string; mapRunArn?: string; statusFilter?: string } & T.Paged,
    { executions: T.ExecutionItem[]; nextToken?: string },
  ];
  ListActivities: [T.Paged, { activities: { activityArn: string; name: string; creationDate: number }[]; nextToken?: string }];
  CreateActivity: [{ name: string }, { activityArn: string; creationDate: number }];
  DeleteActivity: [{ activityArn: string }, object];
  TestState: [T.TestStateRequest, T.TestStateAnswer];
}

export type Action = keyof Actions;

/** Calls an action of Step Functions' own API. */
export async function aws<A extends Action>(action: A, parameters: Actions[A][0], signal?: AbortSignal): Promise<Actions[A][1]> {
  const answer = await send('/', {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${action}` },
    body: JSON.stringify(parameters),
    ...(signal !== undefined && { signal }),
  });
  return answer as Actions[A][1];
}
