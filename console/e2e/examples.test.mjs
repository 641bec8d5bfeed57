// The examples in a browser: what a newcomer does first, and what somebody on duty does in the morning.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { done, openBrowser, openConsole } from './browser.mjs';
import { binary, call, startServer, until } from './server.mjs';

const EXAMPLE = new URL('../../examples/order-processing', import.meta.url).pathname;
let browser;

before(async () => {
  browser = await openBrowser();
});

after(() => browser?.close());

const visit = (server, path) => openConsole(browser, server, path, { patience: 30_000 });

test('order-processing is started and watched live', async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const environment = { ...process.env, AWS_ACCESS_KEY_ID: '000000000000', AWS_SECRET_ACCESS_KEY: 'secret' };
  const deployed = spawnSync(binary, ['deploy', EXAMPLE, '--endpoint', server.url], { env: environment, encoding: 'utf8' });
  assert.equal(deployed.status, 0, deployed.stderr);
  const page = await visit(server, '/workflows');
  await page.getByRole('link', { name: 'OrderProcessingStateMachine' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Input/ }).fill('{"orderId": "12346"}');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByText('live', { exact: true }).waitFor();
  // The bank answers at the third attempt: one sees it being asked again.
  await page
    .locator('[role=button][data-id$="Process payment"]')
    .getByText(/↻ [12]/)
    .waitFor();
  await page.getByText('Succeeded', { exact: true }).first().waitFor();
  await page.locator('[role=button][data-id$="Confirm order"]').press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Confirm order' }).waitFor();
  await page.getByText('"CONFIRMED"').first().waitFor();
  await done(page);
});

test("yesterday's failure is found, mended and redriven", async (t) => {
  const server = await startServer(['--ephemeral', '--clock', 'virtual']);
  t.after(() => server.stop());
  const definition = {
    StartAt: 'Find queue',
    States: {
      'Find queue': { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sqs:getQueueUrl', Parameters: { QueueName: 'parcels' }, End: true },
    },
  };
  const { stateMachineArn } = await call(server.url, 'CreateStateMachine', {
    name: 'parcels',
    definition: JSON.stringify(definition),
    roleArn: 'arn:aws:iam::000000000000:role/console',
  });
  const start = async (name) => (await call(server.url, 'StartExecution', { stateMachineArn, name })).executionArn;
  const ended = (arn) => until(async () => (await call(server.url, 'DescribeExecution', { executionArn: arn })).status !== 'RUNNING', arn);
  await ended(await start('of-yesterday'));
  const body = JSON.stringify({ advance: 'P1D' });
  const moved = await fetch(`${server.url}/_passo/v1/clock`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.equal(moved.status, 200);
  await ended(await start('of-today'));
  const { now } = await moved.json();
  const midway = new Date(Date.parse(now) - 12 * 3_600_000).toISOString();
  const page = await visit(server, `/executions?status=FAILED&until=${encodeURIComponent(midway)}`);
  assert.equal(await page.getByRole('link', { name: 'of-today' }).count(), 0);
  await page.getByRole('link', { name: 'of-yesterday' }).click();
  await page.getByText('QueueDoesNotExist').first().waitFor();
  await call(server.url, 'CreateQueue', { QueueName: 'parcels' }, 'AmazonSQS');
  await page.getByRole('button', { name: 'Redrive', exact: true }).click();
  const dialog = page.getByRole('dialog');
  if (await dialog.isVisible()) await dialog.getByRole('button', { name: 'Redrive', exact: true }).click();
  await page.getByText('Succeeded', { exact: true }).first().waitFor();
  await done(page);
});
