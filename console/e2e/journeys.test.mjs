// What a user does, in a browser, with the real binary. No fixed data: executions are run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './browser.mjs';
import { call, startServer } from './server.mjs';
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

async function visit(path, options) {
  const page = await openPage(browser, server.url, options);
  page.setDefaultTimeout(15_000);
  await page.goto(`${server.url}/console${path}`);
  return page;
}

const execution = (arn, rest = '') => `/executions/${encodeURIComponent(arn)}${rest}`;

async function done(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

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
  await page.getByRole('button', { name: /^Charge card Failed/ }).press('Enter');
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

test('every page can be read by everybody', async (t) => {
  const pages = {
    home: '/',
    executions: '/executions',
    execution: execution(world.arns.failed),
    events: execution(world.arns.done, '?view=events'),
    workflows: '/workflows',
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
