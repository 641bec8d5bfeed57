// Workflows that the tests and the pictures run: every type of state, no service that needs anything from outside.
import { call, until } from './server.mjs';

export const ROLE = 'arn:aws:iam::000000000000:role/console';

const order = {
  Comment: 'From an order to its delivery',
  QueryLanguage: 'JSONata',
  StartAt: 'Validate order',
  States: {
    'Validate order': {
      Type: 'Pass',
      Output: "{% $merge([$states.input, {'valid': true}]) %}",
      Assign: { customer: '{% $states.input.customer %}' },
      Next: 'High value?',
    },
    'High value?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.total > 5000 %}', Next: 'Approve by manager' },
        { Condition: '{% $states.input.total <= 0 %}', Next: 'Reject' },
      ],
      Default: 'Charge and reserve',
    },
    'Approve by manager': {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      TimeoutSeconds: 86400,
      HeartbeatSeconds: 7200,
      Arguments: {
        QueueUrl: 'QUEUE',
        MessageBody: { order: '{% $states.input.order %}', total: '{% $states.input.total %}', token: '{% $states.context.Task.Token %}' },
      },
      Catch: [{ ErrorEquals: ['States.Timeout', 'Rejected'], Next: 'Reject' }],
      Output: "{% $merge([$states.context.Execution.Input, {'approval': $states.result}]) %}",
      Next: 'Charge and reserve',
    },
    'Charge and reserve': {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Charge card',
          States: {
            'Charge card': {
              Type: 'Task',
              Resource: 'arn:aws:states:::aws-sdk:sqs:getQueueUrl',
              Arguments: { QueueName: "{% $states.input.bank = 'down' ? 'no-such-queue' : 'approvals' %}" },
              Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 }],
              Output: { charged: true },
              Next: 'Write invoice',
            },
            'Write invoice': { Type: 'Pass', Output: { invoice: 'NF-20931' }, End: true },
          },
        },
        {
          StartAt: 'Reserve stock',
          States: {
            'Reserve stock': { Type: 'Pass', Next: 'Await warehouse' },
            'Await warehouse': { Type: 'Wait', Seconds: '{% $states.input.wait ? $states.input.wait : 1 %}', End: true },
          },
        },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Compensate' }],
      Output: '{% $states.context.Execution.Input %}',
      Next: 'Pack items',
    },
    'Pack items': {
      Type: 'Map',
      MaxConcurrency: 10,
      Items: '{% $states.input.items %}',
      ItemProcessor: {
        StartAt: 'In stock?',
        States: {
          'In stock?': {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.input.stock > 0 %}', Next: 'Pack' }],
            Default: 'Order from supplier',
          },
          Pack: { Type: 'Pass', Output: { packed: true }, End: true },
          'Order from supplier': { Type: 'Wait', Seconds: 1, End: true },
        },
      },
      Next: 'Notify customer',
    },
    'Notify customer': { Type: 'Pass', Next: 'Done' },
    Done: { Type: 'Succeed' },
    Compensate: { Type: 'Pass', Next: 'Reject' },
    Reject: { Type: 'Fail', Error: 'OrderRejected', Cause: 'The order cannot be delivered: it was rejected, or it could not be charged.' },
  },
};

const review = (activity) => ({
  StartAt: 'Read document',
  States: {
    'Read document': { Type: 'Pass', Next: 'Review document' },
    'Review document': { Type: 'Task', Resource: activity, TimeoutSeconds: 3600, End: true },
  },
});

const report = {
  StartAt: 'Collect',
  States: {
    Collect: { Type: 'Pass', Parameters: { 'rows.$': 'States.ArrayLength($.rows)' }, Next: 'Check' },
    Check: { Type: 'Choice', Choices: [{ Variable: '$.rows', NumericGreaterThan: 2, Next: 'Too many rows' }], Default: 'Write' },
    'Too many rows': { Type: 'Fail', Error: 'Report.TooLarge', Cause: 'A report has at most two rows' },
    Write: { Type: 'Pass', End: true },
  },
};

const sweep = {
  StartAt: 'Sweep',
  States: {
    Sweep: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 40,
      ToleratedFailurePercentage: 60,
      Label: 'Sweep',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Even?',
        States: {
          'Even?': { Type: 'Choice', Choices: [{ Variable: '$.bad', BooleanEquals: true, Next: 'Broken' }], Default: 'Fine' },
          Broken: { Type: 'Fail', Error: 'Item.Broken', Cause: 'This item cannot be swept' },
          Fine: { Type: 'Pass', End: true },
        },
      },
      End: true,
    },
  },
};

const forever = { StartAt: 'Tick', States: { Tick: { Type: 'Wait', Seconds: 3600, Next: 'Tock' }, Tock: { Type: 'Pass', End: true } } };

async function create(url, name, definition, type = 'STANDARD') {
  const text = JSON.stringify(definition);
  const made = await call(url, 'CreateStateMachine', { name, definition: text, roleArn: ROLE, type });
  return made.stateMachineArn;
}

/** Makes the workflows, and executions of every kind. The ARNs that tests want to go to. */
export async function populate(url) {
  const queue = await call(url, 'CreateQueue', { QueueName: 'approvals' }, 'AmazonSQS');
  const { activityArn } = await call(url, 'CreateActivity', { name: 'review-documents' });
  const machines = {
    orders: await create(url, 'orders', JSON.parse(JSON.stringify(order).replace('"QUEUE"', JSON.stringify(queue.QueueUrl)))),
    reviews: await create(url, 'document-review', review(activityArn)),
    reports: await create(url, 'monthly-report', report),
    sweeps: await create(url, 'nightly-sweep', sweep),
    ticks: await create(url, 'heartbeat', forever),
  };
  const start = async (machine, name, input) =>
    (await call(url, 'StartExecution', { stateMachineArn: machines[machine], name, input: JSON.stringify(input) })).executionArn;
  const items = (count) => Array.from({ length: count }, (_, index) => ({ sku: `SKU-${index}`, stock: index % 5 === 3 ? 0 : index }));
  const customer = { name: 'Ana Souza', state: 'SP' };
  const arns = {};
  for (let index = 0; index < 6; index += 1)
    await start('orders', `order-${20900 + index}`, { order: 20900 + index, total: 120 + index * 7, customer, items: items(4) });
  arns.done = await start('orders', 'order-20931', { order: 20931, total: 1289.9, customer, items: items(12) });
  arns.failed = await start('orders', 'order-20932', { order: 20932, total: 310, customer, bank: 'down', items: items(3) });
  arns.waiting = await start('orders', 'order-20915', { order: 20915, total: 8420, customer, items: items(7) });
  arns.running = await start('orders', 'order-20940', { order: 20940, total: 990, customer, wait: 600, items: items(7) });
  arns.review = await start('reviews', 'KYC-7781', { document: 'CNH', attempt: 2 });
  for (let index = 0; index < 4; index += 1)
    await start('reports', `report-2026-0${index + 1}`, { rows: [1, 2, 3, 4].slice(0, index + 1) });
  arns.sweep = await start('sweeps', 'sweep-2026-11-20', {
    items: Array.from({ length: 120 }, (_, index) => ({ index, bad: index % 4 === 1 })),
  });
  arns.ticking = await start('ticks', 'tick-1', {});
  await start('ticks', 'tick-2', {});
  const describe = (executionArn) => call(url, 'DescribeExecution', { executionArn });
  for (const arn of [arns.done, arns.failed, arns.sweep]) await until(async () => (await describe(arn)).status !== 'RUNNING', arn, 30_000);
  arns.mapRun = (await call(url, 'ListMapRuns', { executionArn: arns.sweep })).mapRuns[0].mapRunArn;
  return { machines, arns };
}
