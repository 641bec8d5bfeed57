// Deciding, and what it costs, in a browser with the real binary.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { done, openBrowser, openConsole } from './browser.mjs';
import { call, startServer, until } from './server.mjs';
import { ROLE } from './workflows.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let [server, browser, machine, activity] = [];

before(async () => {
  server = await startServer();
  browser = await openBrowser();
  const queue = await call(server.url, 'CreateQueue', { QueueName: 'purchases' }, 'AmazonSQS');
  activity = (await call(server.url, 'CreateActivity', { name: 'count-stock' })).activityArn;
  const ask = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: {
      QueueUrl: queue.QueueUrl,
      MessageBody: {
        'token.$': '$$.Task.Token',
        'item.$': '$.item',
        'assignee.$': '$.assignee',
        responseSchema: { required: ['approved'], properties: { approved: { type: 'boolean' } } },
      },
    },
    TimeoutSeconds: 86400,
    Next: 'Order it',
  };
  machine = await create('purchase', {
    StartAt: 'Ask for approval',
    States: { 'Ask for approval': ask, 'Order it': { Type: 'Pass', End: true } },
  });
  const count = await create('stock', { StartAt: 'Count', States: { Count: { Type: 'Task', Resource: activity, End: true } } });
  await create('quick', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', End: true } } }).then((quick) =>
    start(quick, 'quick-1'),
  );
  await start(count, 'count-1');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const create = async (name, definition) =>
  (await call(server.url, 'CreateStateMachine', { name, definition: JSON.stringify(definition), roleArn: ROLE })).stateMachineArn;

const start = async (stateMachineArn, name, input = {}) =>
  (await call(server.url, 'StartExecution', { stateMachineArn, name, input: JSON.stringify(input) })).executionArn;

const visit = (path, options) => openConsole(browser, server, path, options);

async function task(execution) {
  const answer = await fetch(`${server.url}/_passo/v1/tasks?execution=${execution}`);
  return (await answer.json()).tasks[0];
}

test('a purchase is approved by its link, and the audit says so', async () => {
  const arn = await start(machine, 'laptop', { item: 'laptop', assignee: 'ana' });
  const { id } = await until(() => task(arn), 'the task');
  const page = await visit(`/approvals/${id}`);
  await page.getByRole('heading', { level: 2, name: 'Ask for approval' }).waitFor();
  assert.equal(await page.locator('.apd').getByText('ana', { exact: true }).count(), 1);
  assert.equal((await page.content()).includes('taskToken='), false);
  // What does not fit is not sent on.
  await page.getByLabel('Response').fill('{"approved": "yes"}');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('must be of the type `boolean`').waitFor();
  page.problems = page.problems.filter((problem) => !problem.includes('400'));
  await page.getByLabel('Response').fill('{"approved": true}');
  await page.getByLabel('Reason').fill('in the budget');
  await page.getByText("--reason 'in the budget'").waitFor();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('Approved.').waitFor();
  await page.getByText('Decided', { exact: true }).click();
  const row = page.getByRole('row', { name: /laptop/ });
  await row.getByText('in the budget').waitFor();
  await row.getByText('somebody at this machine').waitFor();
  // The link goes on telling what became of it.
  await page.goto(`${server.url}/console/approvals/${id}`);
  await page.locator('.apd').getByText('in the budget').waitFor();
  page.problems = page.problems.filter((problem) => !problem.includes('404'));
  // So does the execution.
  await page.goto(`${server.url}/console/executions/${encodeURIComponent(arn)}?state=${encodeURIComponent('Ask for approval')}`);
  await page.getByText('in the budget').waitFor();
  await done(page);
});

test('what is asked of somebody else is left out', async () => {
  await start(machine, 'chair', { item: 'chair', assignee: 'bo' });
  await start(machine, 'desk', { item: 'desk', assignee: 'carla' });
  const page = await visit('/approvals?assignee=bo');
  await page.getByRole('button', { name: /chair/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: /desk/ }).count(), 0);
  await done(page);
});

test('activities are made, seen and deleted', async () => {
  const page = await visit('/activities');
  await page
    .getByRole('row', { name: /count-stock/ })
    .getByText('1', { exact: true })
    .waitFor();
  await page.getByRole('button', { name: 'Create an activity' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('weigh parcels');
  await dialog.getByText('1 to 80 letters').waitFor();
  await dialog.getByLabel('Name').fill('weigh-parcels');
  await dialog.getByText('passo activity create weigh-parcels').waitFor();
  await dialog.getByRole('button', { name: 'Create an activity' }).click();
  await page.getByRole('button', { name: 'Delete weigh-parcels' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('row', { name: /weigh-parcels/ }).waitFor({ state: 'detached' });
  await done(page);
});

test('costs are told of a month and of an execution', async () => {
  const page = await visit('/cost');
  const row = page.getByRole('row', { name: /quick/ });
  await row.getByText('US$ 0.00005', { exact: true }).waitFor();
  await row.getByText(/EXPRESS/).waitFor();
  await page
    .getByRole('row', { name: /purchase/ })
    .getByText('waits for a task token')
    .waitFor();
  await page.getByRole('button', { name: /Month/ }).click();
  await page.getByRole('option').nth(1).click();
  assert.match(page.url(), /month=\d{4}-\d{2}/);
  await page.getByText(/passo cost --month=/).waitFor();
  await row.getByRole('link', { name: 'quick' }).waitFor();
  await done(page);
});

test('many are stopped, once one has seen what they are', async () => {
  const page = await visit('/executions?status=RUNNING');
  await page.getByRole('link', { name: 'desk' }).waitFor();
  await page.getByRole('checkbox', { name: 'Select all' }).click({ force: true });
  await page.getByRole('button', { name: /^Stop \(\d\)/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('purchase: 2').waitFor();
  await dialog.getByText(/The oldest runs for/).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await done(page);
});

test('an execution is started with the input of another', async () => {
  const page = await visit('/executions');
  await page.getByRole('button', { name: 'Start an execution' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Workflow/ }).click();
  await page.getByRole('option', { name: /purchase/ }).click();
  await dialog.getByRole('button', { name: /^Input of/ }).click();
  await page.getByRole('option', { name: /desk/ }).click();
  await until(async () => (await dialog.locator('textarea').inputValue()).includes('carla'), 'the input of the other');
  await done(page);
});

test('deciding can be done by everybody', async (t) => {
  for (const [name, path] of Object.entries({
    cost: '/cost',
    activities: '/activities',
    decided: '/approvals?list=decided',
    approvals: '/approvals',
  })) {
    for (const theme of ['light', 'dark']) {
      await t.test(`${name}, ${theme}`, async () => {
        const narrow = theme === 'dark' ? { width: 360, height: 800 } : {};
        const page = await visit(path, { theme, language: theme === 'dark' ? 'pt-BR' : 'en', ...narrow });
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForTimeout(700);
        const session = await page.context().newCDPSession(page);
        await session.send('Runtime.evaluate', { expression: axe });
        const found = await page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document);
          return violations.map(
            (one) =>
              `${one.id}: ${one.nodes
                .map((node) => node.target.join(' '))
                .slice(0, 3)
                .join(' | ')}`,
          );
        });
        assert.deepEqual(found, []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
        if (process.env.SHOTS !== undefined) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${theme}.png`, fullPage: true });
        await done(page);
      });
    }
  }
});
