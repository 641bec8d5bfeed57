// What is large: a history of 25,000 events, and a Map run of 10,000 items.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openConsole } from './browser.mjs';
import { call, startServer, until } from './server.mjs';

const ROLE = 'arn:aws:iam::000000000000:role/console';
let [server, browser] = [];

before(async () => {
  server = await startServer();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function run(name, definition, input) {
  const { stateMachineArn } = await call(server.url, 'CreateStateMachine', { name, definition: JSON.stringify(definition), roleArn: ROLE });
  const { executionArn } = await call(server.url, 'StartExecution', { stateMachineArn, input: JSON.stringify(input) });
  const status = async () => (await call(server.url, 'DescribeExecution', { executionArn })).status;
  await until(async () => (await status()) !== 'RUNNING', name, 60_000);
  return executionArn;
}

const visit = (path) => openConsole(browser, server, path, { patience: 30_000 });

/** The longest task of the main thread while `work` is done, in milliseconds. */
async function longest(page, work) {
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration);
    }).observe({ type: 'longtask' });
  });
  await work();
  return page.evaluate(() => globalThis.longest);
}

test('a history of 25,000 events', async (t) => {
  const loop = {
    StartAt: 'Again?',
    States: {
      'Again?': {
        Type: 'Choice',
        QueryLanguage: 'JSONata',
        Choices: [{ Condition: '{% $states.input.n < 6240 %}', Next: 'Count' }],
        Default: 'Done',
      },
      Count: { Type: 'Pass', QueryLanguage: 'JSONata', Output: { n: '{% $states.input.n + 1 %}' }, Next: 'Again?' },
      Done: { Type: 'Succeed' },
    },
  };
  const arn = await run('loop', loop, { n: 0 });
  const page = await visit(`/executions/${encodeURIComponent(arn)}?view=events`);
  const begun = Date.now();
  await page.getByText(/^2\d,\d{3} events$/).waitFor();
  t.diagnostic(`all events were there after ${Date.now() - begun} ms`);
  const list = page.getByRole('region', { name: 'Events' });
  const task = await longest(page, async () => {
    await list.hover();
    for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 4000);
    await page.waitForTimeout(300);
  });
  t.diagnostic(`the longest task while scrolling took ${Math.round(task)} ms`);
  assert.ok((await list.getByRole('button').count()) < 120, 'only the rows that can be seen are there');
  await page.getByText('Graph', { exact: true }).click();
  await page.getByRole('heading', { level: 2, name: 'Done' }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('a Map run of 10,000 items', async () => {
  const map = {
    StartAt: 'Make',
    States: {
      Make: { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% [1..10000] %}', Next: 'Each' },
      Each: {
        Type: 'Map',
        QueryLanguage: 'JSONata',
        Label: 'Each',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'One',
          States: { One: { Type: 'Pass', QueryLanguage: 'JSONata', Output: 1, End: true } },
        },
        Output: 'done',
        End: true,
      },
    },
  };
  const arn = await run('many', map, {});
  const page = await visit(`/executions/${encodeURIComponent(arn)}`);
  await page.getByRole('link', { name: 'Open the Map run' }).first().click();
  await page.getByText('Succeeded 10,000').waitFor();
  // At first a part of them; how much of it depends on the size of the window.
  await page.getByText(/\([\d,]+ of 10,000\)/).waitFor();
  const grid = page.getByRole('region', { name: /^One square/ });
  await grid.hover();
  await until(async () => {
    await page.mouse.wheel(0, 20_000);
    return (await page.getByText('(10,000 of 10,000)').count()) === 1;
  }, 'all items');
  assert.ok((await page.locator('a.square').count()) < 4000, 'only the rows that can be seen are there');
  await page.locator('a.square').first().click();
  await page.getByRole('heading', { level: 2, name: 'One' }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
