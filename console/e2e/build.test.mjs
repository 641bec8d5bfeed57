// What builds and tries: conversion to JSONata, lines drawn by mouse, the playground; in a browser, with the real binary.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from './browser.mjs';
import { call, startServer, until } from './server.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const ROLE = 'arn:aws:iam::000000000000:role/x';
const PATHS = {
  StartAt: 'Shape',
  States: {
    Shape: { Type: 'Pass', Parameters: { 'id.$': '$.order.id' }, ResultPath: '$.seen', Next: 'Large?' },
    'Large?': { Type: 'Choice', Choices: [{ Variable: '$.order.total', NumericGreaterThan: 100, Next: 'Done' }], Default: 'Done' },
    Done: { Type: 'Succeed' },
  },
};
let [server, browser] = [];

before(async () => {
  server = await startServer();
  browser = await openBrowser();
  const { stateMachineArn } = await call(server.url, 'CreateStateMachine', {
    name: 'paths',
    definition: JSON.stringify(PATHS, null, 2),
    roleArn: ROLE,
  });
  const input = JSON.stringify({ order: { id: 'o-7', total: 250 } });
  const { executionArn } = await call(server.url, 'StartExecution', { stateMachineArn, name: 'first', input });
  await until(
    async () => (await call(server.url, 'DescribeExecution', { executionArn })).status === 'SUCCEEDED',
    'the execution to succeed',
  );
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

async function done(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

async function accessible(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const found = await page.evaluate(async () =>
    (await globalThis.axe.run(document)).violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3)}`,
    ),
  );
  assert.deepEqual(found, []);
}

test('a state, then a whole workflow is converted to JSONata', async () => {
  const page = await visit('/workflows/paths/edit?state=Shape');
  await page.getByRole('button', { name: 'Convert this state to JSONata' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 state converted').waitFor();
  await dialog.getByText('$merge([$states.input').first().waitFor();
  await dialog.getByText('passo convert workflow.asl.json --state Shape -w').waitFor();
  await accessible(page);
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('No problems').waitFor();
  await page.getByRole('button', { name: 'Convert to JSONata', exact: true }).click();
  await dialog.getByText('2 states converted').waitFor();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('No problems').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await until(async () => {
    const { stateMachines } = await call(server.url, 'ListStateMachines', {});
    const { stateMachineArn } = stateMachines.find((one) => one.name === 'paths');
    const { definition } = await call(server.url, 'DescribeStateMachine', { stateMachineArn });
    return JSON.parse(definition).QueryLanguage === 'JSONata' && !definition.includes('ResultPath');
  }, 'the converted definition to be saved');
  await done(page);
});

test('the playground completes, marks what is wrong, converts, takes captured input and is shared', async () => {
  const page = await visit('/play');
  const expression = page.getByRole('textbox', { name: 'Expression' });
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByText('56').waitFor();
  await page.getByRole('button', { name: 'Input from an execution' }).click();
  await page.getByRole('button', { name: 'Execution', exact: false }).filter({ hasText: 'Choose an execution' }).click();
  await page.getByRole('option', { name: /paths \/ first/ }).click();
  await page.getByRole('button').filter({ hasText: 'Choose a state' }).click();
  await page.getByRole('option', { name: /Large\?/ }).click();
  await expression.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('$states.input.ord');
  await page.locator('.cm-tooltip-autocomplete').getByText('order').waitFor();
  // What is offered is taken only when one could have seen it.
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  await page.keyboard.type('.total + 1');
  await result.getByText('251').waitFor();
  await page.keyboard.type(' +');
  await page.locator('.cm-lintRange-error, .cm-lintPoint-error').waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('$.order.id');
  await page.getByRole('region', { name: 'In JSONata' }).getByText('$states.input.order.id').waitFor();
  await page.getByRole('button', { name: 'Use it' }).click();
  await result.getByText('"o-7"').waitFor();
  await page.waitForURL(/#\w+/);
  await page.waitForTimeout(600);
  const shared = page.url();
  assert.ok(!shared.includes('o-7'));
  await accessible(page);
  await done(page);
  const other = await visit(shared.slice(shared.indexOf('/console') + '/console'.length));
  await other.getByRole('region', { name: 'Result' }).getByText('"o-7"').waitFor();
  await done(other);
});

test('the playground is for both themes and languages, and for a telephone', async () => {
  for (const options of [
    { theme: 'dark', language: 'pt-BR' },
    { theme: 'light', language: 'en', width: 360, height: 740 },
  ]) {
    const page = await visit('/play', options);
    await page.locator('.json-box').getByText('56').waitFor();
    await page.waitForTimeout(600);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    await accessible(page);
    await done(page);
  }
});
