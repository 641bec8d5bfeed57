// Seeing: logs, relations, variables, figures, Map runs, saved views, hostile data, a server that comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, openBrowser, openConsole } from './browser.mjs';
import { call, startServer, until } from './server.mjs';

const ROLE = 'arn:aws:iam::000000000000:role/console';
const GROUP = '/aws/vendedlogs/states/told';
let [server, browser] = [];

before(async () => {
  server = await startServer();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function create(name, definition, more = {}) {
  const made = await call(server.url, 'CreateStateMachine', { name, definition: JSON.stringify(definition), roleArn: ROLE, ...more });
  return made.stateMachineArn;
}

async function start(stateMachineArn, input = {}, name) {
  const more = name === undefined ? {} : { name };
  return (await call(server.url, 'StartExecution', { stateMachineArn, input: JSON.stringify(input), ...more })).executionArn;
}

const ended = (executionArn) =>
  until(async () => (await call(server.url, 'DescribeExecution', { executionArn })).status !== 'RUNNING', executionArn, 30_000);

const visit = (path, options) => openConsole(browser, server, path, options);

const execution = (arn, rest = '') => `/executions/${encodeURIComponent(arn)}${rest}`;

test('logs of an execution are followed, filtered, and lead to their states', async () => {
  await call(server.url, 'CreateLogGroup', { logGroupName: GROUP }, 'Logs_20140328', '1.1');
  const logGroupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*`;
  const machine = await create(
    'told',
    {
      StartAt: 'First',
      States: {
        First: { Type: 'Pass', Next: 'Pause' },
        Pause: { Type: 'Wait', Seconds: 600, Next: 'Last' },
        Last: { Type: 'Pass', End: true },
      },
    },
    {
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: true,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
      },
    },
  );
  const arn = await start(machine, { hello: 'world' });
  const page = await visit(execution(arn, '?view=logs'));
  const list = page.getByRole('region', { name: 'Logs' });
  await list.getByText('WaitStateEntered · Pause').waitFor();
  await page.getByText('4 records').waitFor();
  await call(server.url, 'StopExecution', { executionArn: arn, error: 'Enough' });
  await list.getByText('ExecutionAborted · Enough').waitFor();
  await page.getByRole('searchbox', { name: 'Filter records' }).fill('passstate');
  await page.getByText('2 records').waitFor();
  await list.getByText('PassStateExited').click();
  await page.getByRole('region', { name: 'Record' }).getByText('"execution_arn"').waitFor();
  await page.getByRole('button', { name: 'Go to the state “First”' }).first().click();
  await page.getByRole('heading', { level: 2, name: 'First' }).waitFor();
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.getByRole('tabpanel').getByText('PassStateEntered · First').waitFor();
  await done(page);
});

test('where logging is off, the page says how to turn it on', async () => {
  const machine = await create('untold', { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
  const arn = await start(machine);
  const page = await visit(execution(arn, '?view=logs'));
  await page.getByText('This workflow writes no execution logs').waitFor();
  await page.getByText('aws stepfunctions update-state-machine').waitFor();
  await done(page);
});

test('a parent and its child lead to each other, while both run', async () => {
  const child = await create('inner', { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } });
  const parent = await create('outer', {
    StartAt: 'Run inner',
    States: {
      'Run inner': {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Parameters: { StateMachineArn: child, Input: { a: 1 } },
        End: true,
      },
    },
  });
  const arn = await start(parent, {}, 'the-outer');
  const page = await visit(execution(arn));
  await page.getByText('Has started').waitFor();
  await page.getByRole('link', { name: 'Open the child execution' }).click();
  await page.getByText('Started by').waitFor();
  await page.getByRole('heading', { level: 2, name: 'Wait' }).waitFor();
  await page.getByRole('link', { name: 'outer · the-outer' }).click();
  await page.getByRole('heading', { level: 2, name: 'Run inner' }).waitFor();
  await call(server.url, 'StopExecution', { executionArn: arn });
  await done(page);
});

test('the variables of a state are those that it found, and those that it assigned', async () => {
  const machine = await create('variables', {
    QueryLanguage: 'JSONata',
    StartAt: 'One',
    States: {
      One: { Type: 'Pass', Assign: { colour: 'green' }, Next: 'Two' },
      Two: { Type: 'Pass', Assign: { size: 7 }, End: true },
    },
  });
  const arn = await start(machine);
  await ended(arn);
  const page = await visit(execution(arn, '?state=Two&tab=variables'));
  const panel = page.getByRole('tabpanel');
  await panel.getByText('$size').waitFor();
  await panel.getByText('from “One”').waitFor();
  await panel.getByText('"green"').waitFor();
  await done(page);
});

test('an Express execution is shown like a Standard one, as soon as it is kept', async () => {
  const machine = await create(
    'swift',
    { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 2, Next: 'B' }, B: { Type: 'Pass', End: true } } },
    { type: 'EXPRESS' },
  );
  const arn = await start(machine, { fast: true });
  const page = await visit(execution(arn));
  await page.getByText('This Express execution has not ended yet').waitFor();
  await page.getByRole('heading', { level: 2, name: 'B' }).waitFor();
  await page.getByText('"fast"').first().waitFor();
  page.problems = page.problems.filter((problem) => !/status of 40[04]/.test(problem));
  await done(page);
});

test('the figures of a workflow: rates, durations, and where it hurts', async () => {
  const machine = await create('measured', {
    StartAt: 'Good?',
    States: {
      'Good?': { Type: 'Choice', Choices: [{ Variable: '$.good', BooleanEquals: true, Next: 'Rest' }], Default: 'Break' },
      Rest: { Type: 'Wait', Seconds: 1, End: true },
      Break: { Type: 'Fail', Error: 'Broken' },
    },
  });
  const arns = [];
  for (const good of [true, true, false]) arns.push(await start(machine, { good }));
  for (const arn of arns) await ended(arn);
  const page = await visit('/workflows/measured?tab=metrics');
  await page.getByRole('img', { name: 'Started 3, Succeeded 2, Failed 1, Timed out 0, Stopped 0, Running 0' }).waitFor();
  await page.getByText('3 executions looked at').waitFor();
  const rest = page.getByRole('row', { name: /^Rest/ });
  await rest.waitFor();
  await page.locator('.heat-5 .snode').getByText('Rest').waitFor();
  await page.getByRole('region', { name: 'Where it hurts' }).first().getByRole('button', { name: 'Failures' }).click();
  await page.locator('.heat-5 .snode').getByText('Break').waitFor();
  await page.getByText('1 hour', { exact: true }).click();
  assert.match(page.url(), /since=1h/);
  await done(page);
});

test('Map runs are listed; their children are filtered, and lead to what failed', async () => {
  const machine = await create('sweeping', {
    StartAt: 'Sweep',
    States: {
      Sweep: {
        Type: 'Map',
        ItemsPath: '$.items',
        Label: 'Sweep',
        ToleratedFailureCount: 2,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Bad?',
          States: {
            'Bad?': { Type: 'Choice', Choices: [{ Variable: '$.bad', BooleanEquals: true, Next: 'Broken' }], Default: 'Fine' },
            Broken: { Type: 'Fail', Error: 'Item.Broken' },
            Fine: { Type: 'Pass', End: true },
          },
        },
        End: true,
      },
    },
  });
  const arn = await start(machine, { items: Array.from({ length: 30 }, (_, index) => ({ bad: index % 10 === 1 })) }, 'sweep-1');
  await ended(arn);
  const page = await visit('/map-runs');
  const row = page.getByRole('row', { name: /Sweep/ });
  await row.getByText('more than is tolerated').waitFor();
  await page.getByRole('button', { name: 'Succeeded' }).click();
  await page.getByText('No Map run fits').waitFor();
  assert.match(page.url(), /status=SUCCEEDED/);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await row.getByRole('link', { name: 'Sweep', exact: true }).click();
  await page.getByRole('button', { name: /^Failed \(3\)/ }).click();
  await page.getByText('(3 of 3)').waitFor();
  assert.equal(await page.locator('a.square').count(), 3);
  await page.getByRole('button', { name: 'Redrive' }).click();
  await page.getByRole('dialog').getByText(`passo redrive ${arn}`).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();
  await page.getByText('Redriven 1 time').waitFor();
  await page.locator('a.square').first().click();
  await page.getByText('Item.Broken').first().waitFor();
  await done(page);
});

test('a view of executions is saved, shared, and forgotten', async () => {
  const machine = await create('viewed', { StartAt: 'A', States: { A: { Type: 'Pass', OutputPath: '$.result', End: true } } });
  for (const customer of ['Ana', 'Bo'])
    await ended(await start(machine, { customer: { name: customer }, result: { of: customer } }, `of-${customer}`));
  const page = await visit(`/executions?workflow=viewed&input=${encodeURIComponent('$.customer.name=Bo')}`);
  await page.getByRole('link', { name: 'of-Bo' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'of-Ana' }).count(), 0);
  await page.getByRole('button', { name: 'Save view' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Of Bo');
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await page.getByRole('button', { name: 'Of Bo', pressed: true }).waitFor();
  await page.goto(`${server.url}/console/executions`);
  await page.getByRole('button', { name: 'Of Bo' }).click();
  await page.getByRole('link', { name: 'of-Bo' }).waitFor();
  assert.match(decodeURIComponent(page.url()), /\$\.customer\.name=Bo/);
  await page.getByRole('button', { name: 'Copy link to this view' }).waitFor();
  await page.getByRole('button', { name: 'Forget the view Of Bo' }).click();
  await page.getByRole('button', { name: 'Save view' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Of Bo', exact: true }).count(), 0);
  await done(page);
});

test('the overview says what is wrong, what waits, and what runs', async () => {
  const { activityArn } = await call(server.url, 'CreateActivity', { name: 'decide' });
  const wait = await create('waits', { StartAt: 'Decide', States: { Decide: { Type: 'Task', Resource: activityArn, End: true } } });
  const fail = await create('fails', { StartAt: 'No', States: { No: { Type: 'Fail', Error: 'NeverWorks' } } });
  await start(wait, {}, 'waiting-1');
  await ended(await start(fail, {}, 'failing-1'));
  const page = await visit('/');
  await page.getByRole('link', { name: 'NeverWorks' }).waitFor();
  await page.getByRole('link', { name: 'Decide' }).waitFor();
  await page.getByRole('link', { name: 'waiting-1' }).first().waitFor();
  await page.getByRole('link', { name: 'failing-1' }).waitFor();
  await done(page);
});
