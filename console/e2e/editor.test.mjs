// Workflows are built and changed in a browser, with the real binary: by mouse, by keyboard, and as code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { done, openBrowser, openConsole, openPage } from './browser.mjs';
import { call, startServer, until } from './server.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let [server, browser] = [];

before(async () => {
  server = await startServer();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const visit = (path) => openConsole(browser, server, path);

const state = (page, name) => page.locator('.react-flow__node').filter({ hasText: new RegExp(`^${name}(?! \\d)`) });
const fields = (page) => page.getByRole('region', { name: 'Fields' });

/** The types of states that the workflow of a name has, wherever they stand. */
async function built(name) {
  const { stateMachines } = await call(server.url, 'ListStateMachines', {});
  const { stateMachineArn } = stateMachines.find((machine) => machine.name === name);
  const { definition } = await call(server.url, 'DescribeStateMachine', { stateMachineArn });
  return { stateMachineArn, definition, types: [...definition.matchAll(/"Type": "(\w+)"/g)].map(([, type]) => type) };
}

async function succeeds(stateMachineArn) {
  const { executions } = await call(server.url, 'ListExecutions', { stateMachineArn });
  await until(
    async () => (await call(server.url, 'DescribeExecution', { executionArn: executions[0].executionArn })).status === 'SUCCEEDED',
    'the execution to succeed',
  );
}

test('a workflow is built and run by mouse', async () => {
  const page = await visit('/new?template=hello');
  await state(page, 'Hello').waitFor();
  const palette = page.getByRole('region', { name: 'Palette' });
  await palette.getByRole('button', { name: /^Choice/ }).dragTo(state(page, 'Hello'));
  await state(page, 'Choice').waitFor();
  await palette.getByRole('button', { name: /^Parallel/ }).dragTo(state(page, 'Hello'));
  await state(page, 'Parallel').waitFor();
  await palette.getByRole('button', { name: /^Map/ }).dragTo(state(page, 'Branch 1'));
  await state(page, 'Map').waitFor();
  await fields(page).getByLabel('Items', { exact: true }).fill('[1, 2, 3]');
  await state(page, 'Parallel')
    .locator('.hd')
    .click({ position: { x: 40, y: 12 } });
  await fields(page).getByRole('button', { name: 'Add a field' }).click();
  await page.getByRole('option', { name: 'Catch', exact: true }).click();
  await state(page, 'Fail').waitFor();
  await page.getByText('No problems').waitFor();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('by-mouse');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await page.waitForURL(/by-mouse\/edit/);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/executions/);
  const { types, stateMachineArn, definition } = await built('by-mouse');
  for (const type of ['Choice', 'Parallel', 'Map']) assert.ok(types.includes(type), type);
  assert.match(definition, /"Catch"/);
  await succeeds(stateMachineArn);
  await done(page);
});

test('a state is moved by mouse, also into a branch', async () => {
  const page = await visit('/new?template=parallel');
  await page.getByText('No problems').waitFor();
  await state(page, 'Put right').dragTo(state(page, 'Charge'));
  await page.locator('.react-flow__node[data-id="/Both/0/Put right"]').waitFor();
  await page.getByText('No problems').waitFor();
  await done(page);
});

test('a workflow is built and run by keyboard', async () => {
  const page = await visit('/new?template=hello');
  await state(page, 'Hello').waitFor();
  const { keyboard } = page;
  const chosen = (name) => fields(page).getByRole('heading', { name, exact: true }).waitFor();
  await page.getByRole('region', { name: 'Picture of the workflow, to be edited' }).focus();
  await keyboard.press('ArrowDown');
  await chosen('Hello');
  await keyboard.press('2');
  await chosen('Choice');
  await keyboard.press('ArrowUp');
  await chosen('Hello');
  await keyboard.press('3');
  await chosen('Parallel');
  await keyboard.press('c');
  await state(page, 'Fail').waitFor();
  await keyboard.press('Shift+Enter');
  await chosen('Branch 1');
  await keyboard.press('4');
  await chosen('Map');
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-id')?.endsWith('Map'));
  await keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.closest('.edform') !== null);
  await keyboard.press('Tab');
  await keyboard.press('Control+a');
  await keyboard.type('[1, 2, 3');
  await keyboard.type(']');
  await page.getByText('No problems').waitFor();
  await keyboard.press('Control+s');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await keyboard.type('by-keys');
  await dialog.getByRole('button', { name: 'Create', exact: true }).press('Enter');
  await page.waitForURL(/by-keys\/edit/);
  await page.getByRole('button', { name: 'Run', exact: true }).press('Enter');
  await dialog.getByRole('button', { name: 'Start', exact: true }).press('Enter');
  await page.waitForURL(/executions/);
  const { types, stateMachineArn, definition } = await built('by-keys');
  for (const type of ['Choice', 'Parallel', 'Map']) assert.ok(types.includes(type), type);
  assert.match(definition, /"Catch"/);
  await succeeds(stateMachineArn);
  await done(page);
});

test('code that cannot be read keeps the last picture, and locks nothing', async () => {
  const page = await visit('/new?template=choice');
  await page.getByText('No problems').waitFor();
  const code = page.getByRole('textbox', { name: 'Code of the definition' });
  await code.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' oops');
  await page.getByText('The code cannot be read').waitFor();
  await page.getByRole('region', { name: 'Problems' }).getByText('Unrecognized token').waitFor();
  await state(page, 'Accept').waitFor();
  await state(page, 'Check by hand').click();
  await fields(page).getByRole('heading', { name: 'Check by hand' }).waitFor();
  await code.press('Control+z');
  await page.getByText('No problems').waitFor();
  await fields(page).getByLabel('Seconds', { exact: true }).fill('7');
  await code.getByText('7', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForFunction(() => document.querySelector('.edform input')?.value !== '');
  await done(page);
});

test('the server marks what is wrong, and one goes there', async () => {
  const page = await visit('/new?template=choice');
  await state(page, 'Check by hand').click();
  await fields(page).getByLabel('Seconds', { exact: true }).fill('-3');
  const problem = page.getByRole('region', { name: 'Problems' }).getByRole('button').first();
  await problem.getByText('Check by hand').waitFor();
  await state(page, 'Accept').click();
  await problem.click();
  await fields(page).getByRole('heading', { name: 'Check by hand' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create', exact: true }).getAttribute('aria-disabled'), 'true');
  await done(page);
});

test('everybody can edit, in both themes and languages', async () => {
  for (const options of [
    { theme: 'light', language: 'en' },
    { theme: 'dark', language: 'pt-BR' },
  ]) {
    const page = await openPage(browser, server.url, options);
    await page.goto(`${server.url}/console/new?template=parallel&state=Both`);
    await state(page, 'Both').waitFor();
    await page.waitForTimeout(900);
    const session = await page.context().newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axe });
    const found = await page.evaluate(async () =>
      (await globalThis.axe.run(document)).violations.map(
        (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3)}`,
      ),
    );
    assert.deepEqual(found, []);
    await done(page);
  }
});
