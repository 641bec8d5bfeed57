import type { StateType } from '../asl';
import { copyOf, type DraftScope, type DraftState, type QueryLanguage } from './draft';

/** Something that can be put into a workflow. */
export interface PaletteItem {
  readonly id: string;
  readonly type: StateType;
  /** The name that its state gets, and that it is shown by. AWS's terms are not translated. */
  readonly name: string;
  readonly group: 'flow' | 'task';
  readonly make: (language: QueryLanguage) => DraftState;
}

const inner = (name: string): DraftScope => ({ StartAt: name, States: { [name]: { Type: 'Pass', End: true } } });

const condition = (language: QueryLanguage) =>
  language === 'JSONata'
    ? { Condition: '{% $exists($states.input.value) %}', Next: '' }
    : { Variable: '$.value', IsPresent: true, Next: '' };

/** A Task; what it sends is under the name that the language has for it. */
function task(Resource: string, sent: Readonly<Record<string, unknown>>) {
  return (language: QueryLanguage): DraftState => ({
    Type: 'Task',
    Resource,
    [language === 'JSONata' ? 'Arguments' : 'Parameters']: copyOf(sent),
  });
}

function tokenTask(language: QueryLanguage): DraftState {
  const body =
    language === 'JSONata'
      ? { request: '{% $states.input %}', token: '{% $states.context.Task.Token %}' }
      : { 'request.$': '$', 'token.$': '$$.Task.Token' };
  return {
    ...task('arn:aws:states:::sqs:sendMessage.waitForTaskToken', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/approvals',
      MessageBody: body,
    })(language),
    TimeoutSeconds: 86_400,
  };
}

const flow = (id: string, type: StateType, make: PaletteItem['make'], name: string = type): PaletteItem => ({
  id,
  type,
  name,
  group: 'flow',
  make,
});
const service = (id: string, name: string, make: PaletteItem['make']): PaletteItem => ({ id, type: 'Task', name, group: 'task', make });

/** In the order of the keys 1 to 9; tasks of services after that. */
export const PALETTE: readonly PaletteItem[] = [
  flow('task', 'Task', task('arn:aws:states:::lambda:invoke', { FunctionName: 'my-function' })),
  flow('choice', 'Choice', (language) => ({ Type: 'Choice', Choices: [condition(language)] })),
  flow('parallel', 'Parallel', () => ({ Type: 'Parallel', Branches: [inner('Branch 1'), inner('Branch 2')] })),
  flow('map', 'Map', (language) => ({
    Type: 'Map',
    ...(language === 'JSONata' ? { Items: '{% $states.input.items %}' } : { ItemsPath: '$.items' }),
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...inner('Item') },
  })),
  flow(
    'distributed',
    'Map',
    (language) => ({
      Type: 'Map',
      ...(language === 'JSONata' ? { Items: '{% $states.input.items %}' } : { ItemsPath: '$.items' }),
      MaxConcurrency: 100,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...inner('Item') },
    }),
    'Distributed Map',
  ),
  flow('pass', 'Pass', () => ({ Type: 'Pass' })),
  flow('wait', 'Wait', () => ({ Type: 'Wait', Seconds: 5 })),
  flow('succeed', 'Succeed', () => ({ Type: 'Succeed' })),
  flow('fail', 'Fail', () => ({ Type: 'Fail', Error: 'MyError', Cause: 'What went wrong' })),
  service('lambda', 'Invoke Lambda', task('arn:aws:states:::lambda:invoke', { FunctionName: 'my-function', Payload: {} })),
  service('approval', 'Await approval', tokenTask),
  service(
    'sqs',
    'Send to SQS',
    task('arn:aws:states:::sqs:sendMessage', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/my-queue',
      MessageBody: { text: 'hello' },
    }),
  ),
  service(
    'sns',
    'Publish to SNS',
    task('arn:aws:states:::sns:publish', { TopicArn: 'arn:aws:sns:us-east-1:000000000000:my-topic', Message: 'hello' }),
  ),
  service(
    'dynamodb-put',
    'Put into DynamoDB',
    task('arn:aws:states:::dynamodb:putItem', { TableName: 'my-table', Item: { id: { S: '1' } } }),
  ),
  service(
    'dynamodb-get',
    'Get from DynamoDB',
    task('arn:aws:states:::dynamodb:getItem', { TableName: 'my-table', Key: { id: { S: '1' } } }),
  ),
  service(
    'events',
    'Put events',
    task('arn:aws:states:::events:putEvents', {
      Entries: [{ Source: 'my.app', DetailType: 'Something', Detail: {}, EventBusName: 'default' }],
    }),
  ),
  service(
    'workflow',
    'Run a workflow',
    task('arn:aws:states:::states:startExecution.sync:2', {
      StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:other',
      Input: {},
    }),
  ),
  service('s3-put', 'Put into S3', task('arn:aws:states:::aws-sdk:s3:putObject', { Bucket: 'my-bucket', Key: 'my-key', Body: {} })),
  service(
    'http',
    'Call HTTP',
    task('arn:aws:states:::http:invoke', {
      ApiEndpoint: 'https://example.com/',
      Method: 'GET',
      InvocationConfig: { ConnectionArn: 'arn:aws:events:us-east-1:000000000000:connection/my-connection/1' },
    }),
  ),
];
