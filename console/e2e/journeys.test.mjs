// What a user does, in a browser, with the real binary. No fixed data: executions are run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { done, openBrowser, openConsole, openPage } from './browser.mjs';
import { call, startServer, until } from './server.mjs';
import { populate } from './workflows.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let [server, browser, world] = [];

before(async () => {
  server = await startServer();
  [world, browser] = await Promise.all([populate(server.url), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const visit = (path, options) => openConsole(browser, server, path, options);

const execution = (arn, rest = '') => `/executions/${encodeURIComponent(arn)}${rest}`;

test('the door leads a browser to the console', async () => {
  const page = await openPage(browser, server.url);
  await page.goto(server.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/console/');
  await done(page);
});

test('failures are found, and one leads to what failed', async () => {
  const page = await visit('/executions');
  await page.getByRole('button', { name: 'Failed', exact: true }).click();
  assert.match(page.url(), /status=FAILED/);
  await page.getByRole('link', { name: 'order-20932' }).click();
  await page.getByText('Failed in “Reject”').waitFor();
  await page.getByRole('heading', { level: 2, name: 'Reject' }).waitFor();
  await page.locator('[role=button][data-id$="/Charge card"]').press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Charge card' }).waitFor();
  assert.match(page.url(), /state=Charge/);
  await page.getByText('QueueDoesNotExist').first().waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'Failed', exact: true, pressed: true }).waitFor();
  await done(page);
});

test('an execution is watched live, and stopped', async () => {
  const started = await call(server.url, 'StartExecution', {
    stateMachineArn: world.machines.orders,
    name: 'watched',
    input: JSON.stringify({ order: 1, total: 10, customer: { name: 'Bo' }, wait: 600, items: [] }),
  });
  const page = await visit(execution(started.executionArn));
  await page.getByText('live', { exact: true }).waitFor();
  await page.getByRole('heading', { level: 2, name: 'Await warehouse' }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('The execution was stopped').waitFor();
  await done(page);
});

test('what an input holds is text, whatever it is', async () => {
  const text = '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script> ‮שלום عربي 🙂🧑‍🚀';
  const { executionArn } = await call(server.url, 'StartExecution', {
    stateMachineArn: world.machines.reports,
    name: 'hostile',
    input: JSON.stringify({ rows: [text], '<b>key</b>': text, long: 'x'.repeat(200_000) }),
  });
  const page = await visit(execution(executionArn, '?view=io'));
  await page.getByRole('region', { name: 'Input' }).getByText('onerror', { exact: false }).first().waitFor();
  assert.equal(await page.locator('pre img, pre script, pre b').count(), 0);
  assert.doesNotMatch(await page.title(), /^broken/);
  await done(page);
});

test('the server is stopped and started: the console says so, and shows the truth again', async () => {
  const own = await startServer();
  const port = Number(new URL(own.url).port);
  await populate(own.url);
  const page = await openPage(browser, own.url);
  page.setDefaultTimeout(15_000);
  await page.goto(`${own.url}/console/executions`);
  await page.getByRole('link', { name: 'order-20931' }).waitFor();
  await own.stop();
  await page.getByText('The server cannot be reached').waitFor();
  const next = await startServer(['--ephemeral'], { port });
  await page.getByText('No executions', { exact: true }).waitFor();
  assert.equal(await page.getByText('The server cannot be reached').count(), 0);
  await page.context().close();
  await next.stop();
});

test('the language and the theme are chosen, and remembered', async () => {
  const page = await visit('/executions', { language: 'pt-BR', theme: 'dark' });
  await page.getByRole('heading', { level: 1, name: 'Execuções' }).waitFor();
  assert.equal(await page.locator('body.awsui-dark-mode').count(), 1);
  assert.equal(await page.getAttribute('html', 'lang'), 'pt-BR');
  await page.getByRole('button', { name: 'Preferências' }).click();
  await page.getByText('Idioma').click();
  await page.getByText('English').click();
  await page.getByRole('heading', { level: 1, name: 'Executions' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Executions' }).waitFor();
  await done(page);
});

test('one goes anywhere with keys', async () => {
  const page = await visit('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('order-20931');
  await page.getByRole('option', { name: /order-20931/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Done' }).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('heading', { level: 2, name: 'Notify customer' }).waitFor();
  await page.keyboard.press('j');
  await page.getByRole('heading', { level: 2, name: 'Done' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.getByRole('heading', { level: 1, name: 'Executions' }).waitFor();
  await done(page);
});

test('a purchase is approved, and another rejected with a reason', async () => {
  const start = async (name) =>
    (
      await call(server.url, 'StartExecution', {
        stateMachineArn: world.machines.orders,
        name,
        input: JSON.stringify({ order: 7, total: 9000, customer: {}, items: [] }),
      })
    ).executionArn;
  const arns = [await start('purchase-yes'), await start('purchase-no')];
  const status = async (arn) => (await call(server.url, 'DescribeExecution', { executionArn: arn })).status;
  const page = await visit('/approvals');
  await page.getByRole('button', { name: /purchase-yes/ }).click();
  await page.getByRole('heading', { level: 2, name: 'Approve by manager' }).waitFor();
  assert.match(page.url(), /approvals\/[0-9a-f]{32}$/);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('Approved.').waitFor();
  await page.getByRole('button', { name: /purchase-no/ }).click();
  await page.getByRole('button', { name: 'Reject…' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('too dear');
  await page.getByRole('dialog').getByRole('button', { name: 'Reject', exact: true }).click();
  await page.getByText('Rejected.').waitFor();
  await until(async () => (await status(arns[0])) === 'SUCCEEDED' && (await status(arns[1])) === 'FAILED', 'both to end');
  await done(page);
});

test('an activity is approved', async () => {
  const page = await visit('/approvals');
  await page.getByRole('button', { name: /KYC-7781/ }).click();
  await page.getByText('Activity', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await until(
    async () => (await call(server.url, 'DescribeExecution', { executionArn: world.arns.review })).status === 'SUCCEEDED',
    'the review to end',
  );
  await done(page);
});

test('failures are grouped, and redriven together', async () => {
  const page = await visit('/failures');
  const row = page.getByRole('row', { name: /Report.TooLarge/ });
  await row.getByText('Too many rows').waitFor();
  await row.getByRole('button', { name: 'Redrive 2' }).click();
  await page.getByRole('dialog').getByText('passo redrive').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Redrive', exact: true }).click();
  await page.getByText('2 done, 0 refused').waitFor();
  await done(page);
});

test('expressions are evaluated by the engine', async () => {
  const page = await visit('/play');
  await page.getByRole('region', { name: 'Result' }).getByText('56').first().waitFor();
  await page.getByLabel('Expression').fill('{% $states.input.items[0].price + %}');
  await page.getByText('SyntaxError').waitFor();
  await done(page);
});

test('a state is tested by itself', async () => {
  const page = await visit('/test');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('heading', { level: 2, name: 'SUCCEEDED' }).waitFor();
  await page.getByText('12.5').first().waitFor();
  await done(page);
});

test('every page can be read by everybody', async (t) => {
  const pages = {
    home: '/',
    executions: '/executions',
    execution: execution(world.arns.failed),
    events: execution(world.arns.done, '?view=events'),
    workflows: '/workflows',
    workflow: '/workflows/orders',
    approvals: '/approvals',
    failures: '/failures',
    logs: execution(world.arns.done, '?view=logs'),
    metrics: '/workflows/orders?tab=metrics',
    'Map runs': '/map-runs',
    'Map run': `/map-runs/${encodeURIComponent(world.arns.mapRun)}`,
    playground: '/play',
    'test of a state': '/test',
    settings: '/settings',
  };
  for (const [name, path] of Object.entries(pages)) {
    for (const theme of ['light', 'dark']) {
      await t.test(`${name}, ${theme}`, async () => {
        const page = await visit(path, { theme, language: theme === 'dark' ? 'pt-BR' : 'en' });
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForTimeout(700);
        // By way of the debugger: the page itself lets no script in.
        const session = await page.context().newCDPSession(page);
        await session.send('Runtime.evaluate', { expression: axe });
        const found = await page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document, { rules: { 'scrollable-region-focusable': { enabled: true } } });
          return violations.map(
            (one) =>
              `${one.id}: ${one.nodes
                .map((node) => node.target.join(' '))
                .slice(0, 3)
                .join(' | ')}`,
          );
        });
        assert.deepEqual(found, []);
        await done(page);
      });
    }
  }
});
