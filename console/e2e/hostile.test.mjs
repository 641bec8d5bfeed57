// Data that would break a page if it were anything but text, and a server that goes and comes back.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './browser.mjs';
import { call, startServer, until } from './server.mjs';

const ROLE = 'arn:aws:iam::000000000000:role/console';
const HOSTILE = [
  '<img src=x onerror="document.title=\'broken\'">',
  '<script>document.title="broken"</script>',
  '"><svg onload=alert(1)>',
  "javascript:alert('x')",
  '{{7*7}} #{7*7} {% 7*7 %}',
  '‮שלום عربي مرحبا',
  '🙂🧑‍🚀👩‍👩‍👧‍👦 é ﷽',
  '\u0000\u0007\u001b[31mred',
];
let browser;

before(async () => {
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
});

const create = async (url, name, definition, more = {}) =>
  (await call(url, 'CreateStateMachine', { name, definition: JSON.stringify(definition), roleArn: ROLE, ...more })).stateMachineArn;

const start = async (url, stateMachineArn, input, name) =>
  (await call(url, 'StartExecution', { stateMachineArn, name, input: JSON.stringify(input) })).executionArn;

const ended = (url, executionArn) =>
  until(async () => (await call(url, 'DescribeExecution', { executionArn })).status !== 'RUNNING', executionArn);

test('whatever an execution holds is text, everywhere', async () => {
  const server = await startServer();
  const group = '/aws/vendedlogs/states/hostile';
  await call(server.url, 'CreateLogGroup', { logGroupName: group }, 'Logs_20140328', '1.1');
  const logGroupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${group}:*`;
  const state = '<b onclick="document.title=1">سماء 🙂</b>';
  const machine = await create(
    server.url,
    'hostile',
    {
      Comment: HOSTILE[1],
      QueryLanguage: 'JSONata',
      StartAt: state,
      States: {
        [state]: { Type: 'Pass', Comment: HOSTILE[0], Assign: { kept: '{% $states.input.texts %}' }, Next: 'Fails' },
        Fails: { Type: 'Fail', Error: HOSTILE[0], Cause: HOSTILE.join('\n') },
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
  const input = {
    texts: HOSTILE,
    [HOSTILE[0]]: { [HOSTILE[1]]: HOSTILE[2] },
    __proto__: null,
    constructor: '<i>',
    long: '<b>x</b>'.repeat(32_000).slice(0, 255_000),
  };
  const arn = await start(server.url, machine, input, 'hostile-1');
  await ended(server.url, arn);
  const at = (rest = '') => `/executions/${encodeURIComponent(arn)}${rest}`;
  const chosen = `state=${encodeURIComponent(state)}`;
  const paths = {
    graph: at(),
    'input and output of a state': at(`?${chosen}`),
    'events of a state': at(`?${chosen}&tab=events`),
    'errors of a state': at('?state=Fails&tab=errors'),
    'variables of a state': at(`?${chosen}&tab=variables`),
    'definition of a state': at(`?${chosen}&tab=definition`),
    'logs of a state': at(`?${chosen}&tab=logs`),
    states: at('?view=states'),
    events: at('?view=events&event=2'),
    'input and output': at('?view=io'),
    logs: at('?view=logs'),
    definition: at('?view=definition'),
    executions: '/executions',
    failures: '/failures',
    metrics: '/workflows/hostile?tab=metrics',
    workflow: '/workflows/hostile?tab=definition',
    home: '/',
  };
  for (const [name, path] of Object.entries(paths)) {
    for (const width of [1680, 360]) {
      const page = await openPage(browser, server.url, { width });
      page.setDefaultTimeout(15_000);
      page.on('dialog', (dialog) => page.problems.push(`dialog: ${dialog.message()}`));
      await page.goto(`${server.url}/console${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForTimeout(600);
      assert.equal(await page.locator('#content :is(script, img, b[onclick], [onerror], [onload])').count(), 0, name);
      assert.match(await page.title(), /Passo$/, name);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} at ${width}: ${overflow} too wide`);
      assert.deepEqual(page.problems, [], name);
      await page.context().close();
    }
  }
  const page = await openPage(browser, server.url);
  await page.goto(`${server.url}/console${at('?view=io')}`);
  await page.getByRole('region', { name: 'Input' }).getByText('onerror').first().waitFor();
  await page.goto(`${server.url}/console${at('?state=Fails')}`);
  await page.getByText(HOSTILE[0]).first().waitFor();
  await page.context().close();
  await server.stop();
});

test('the server is restarted on its data: the console says so, and goes on without a reload', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passo-console-'));
  const options = ['--data', folder];
  const own = await startServer(options);
  const port = Number(new URL(own.url).port);
  const { activityArn } = await call(own.url, 'CreateActivity', { name: 'decide' });
  const machine = await create(own.url, 'steady', {
    StartAt: 'Decide',
    States: { Decide: { Type: 'Task', Resource: activityArn, Next: 'Done' }, Done: { Type: 'Pass', End: true } },
  });
  const arn = await start(own.url, machine, { a: 1 }, 'steady-1');
  const [page, list] = [await openPage(browser, own.url), await openPage(browser, own.url)];
  for (const one of [page, list]) one.setDefaultTimeout(20_000);
  await page.goto(`${own.url}/console/executions/${encodeURIComponent(arn)}`);
  await list.goto(`${own.url}/console/executions`);
  await page.getByText('live', { exact: true }).waitFor();
  await page.getByRole('heading', { level: 2, name: 'Decide' }).waitFor();
  await list.getByRole('link', { name: 'steady-1' }).waitFor();
  for (const one of [page, list]) await one.evaluate(() => (globalThis.isSame = true));
  await own.stop();
  await page.getByText('reconnecting').waitFor();
  for (const one of [page, list]) await one.getByText('The server cannot be reached').waitFor();
  const next = await startServer(options, { port });
  await page.getByText('live', { exact: true }).waitFor();
  for (const one of [page, list]) await one.getByText('The server cannot be reached').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  const { taskToken } = await call(next.url, 'GetActivityTask', { activityArn });
  await call(next.url, 'SendTaskSuccess', { taskToken, output: '{"decided":true}' });
  await page.getByRole('heading', { level: 2, name: 'Done' }).waitFor();
  await page.getByText('Succeeded', { exact: true }).first().waitFor();
  await list
    .getByRole('row', { name: /steady-1/ })
    .getByText('Succeeded')
    .waitFor();
  for (const one of [page, list]) assert.equal(await one.evaluate(() => globalThis.isSame), true, 'the page was not loaded anew');
  for (const one of [page, list]) await one.context().close();
  await next.stop();
  await rm(folder, { recursive: true });
});
