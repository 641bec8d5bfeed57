// What builds and tries: conversion to JSONata, lines drawn by mouse, the playground; in a browser, with the real binary.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { done, openBrowser, openConsole } from './browser.mjs';
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

const visit = (path, options) => openConsole(browser, server, path, options);

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

const state = (page, name) => page.locator('.react-flow__node').filter({ hasText: new RegExp(`^${name}(?! \\d)`) });
const fields = (page) => page.getByRole('region', { name: 'Fields' });

/** Draws a line from a state's port to a place of the window. */
async function draw(page, name, port, to) {
  // The picture comes to rest first.
  await page.waitForTimeout(400);
  await state(page, name).hover();
  const from = await state(page, name)
    .locator(`.port${port === 'catch' ? '.catch' : ':not(.catch)'}`)
    .boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x - 12, to.y - 12, { steps: 6 });
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
}

async function middle(locator) {
  const box = await locator.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 20) };
}

async function definitionOf(name) {
  const { stateMachines } = await call(server.url, 'ListStateMachines', {});
  const { stateMachineArn } = stateMachines.find((one) => one.name === name);
  const { definition } = await call(server.url, 'DescribeStateMachine', { stateMachineArn });
  return { stateMachineArn, definition: JSON.parse(definition) };
}

async function create(page, name) {
  const dialog = page.getByRole('dialog');
  await page.getByText('No problems').waitFor();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await page.waitForURL(new RegExp(`${name}/edit`));
}

async function runs(name) {
  const { stateMachineArn } = await definitionOf(name);
  const { executionArn } = await call(server.url, 'StartExecution', { stateMachineArn, input: '{"items": [1, 2], "value": true}' });
  await until(async () => (await call(server.url, 'DescribeExecution', { executionArn })).status === 'SUCCEEDED', `${name} to succeed`);
}

test('a workflow with Choice, Parallel, Map and Catch is drawn by mouse alone, and runs', async () => {
  const page = await visit('/new?template=hello');
  const menu = page.getByRole('dialog');
  await state(page, 'Hello').waitFor();
  const canvas = await page.getByRole('region', { name: 'Picture of the workflow, to be edited' }).boundingBox();
  const empty = { x: canvas.x + canvas.width - 60, y: canvas.y + canvas.height - 60 };
  await draw(page, 'Hello', 'next', empty);
  await menu.getByRole('button', { name: 'Choice' }).click();
  await state(page, 'Choice').waitFor();
  await draw(page, 'Choice', 'next', empty);
  await menu.getByRole('button', { name: 'Parallel' }).click();
  await state(page, 'Parallel').waitFor();
  await draw(page, 'Parallel', 'catch', empty);
  await menu.getByRole('button', { name: 'Fail' }).click();
  await state(page, 'Fail').waitFor();
  await draw(page, 'Branch 1', 'next', empty);
  await menu.getByRole('button', { name: 'Map', exact: true }).click();
  await state(page, 'Map').waitFor();
  await draw(page, 'Choice', 'next', await middle(state(page, 'Fail')));
  await create(page, 'drawn');
  const { definition } = await definitionOf('drawn');
  assert.equal(definition.States.Hello.Next, 'Choice');
  assert.deepEqual(
    definition.States.Choice.Choices.map((rule) => rule.Next),
    ['Succeed', 'Parallel', 'Fail'],
  );
  assert.equal(definition.States.Parallel.Catch[0].Next, 'Fail');
  assert.match(JSON.stringify(definition.States.Parallel.Branches[0]), /"Map"/);
  await runs('drawn');
  await done(page);
});

test('lines are drawn by keyboard alone', async () => {
  const page = await visit('/new?template=hello');
  const { keyboard } = page;
  const menu = page.getByRole('dialog');
  const chosen = (name) => fields(page).getByRole('heading', { name, exact: true }).waitFor();
  const connect = async (name) => {
    await keyboard.press('n');
    await menu.getByRole('button', { name, exact: true }).press('Enter');
    await menu.waitFor({ state: 'detached' });
  };
  await state(page, 'Hello').waitFor();
  const picture = page.getByRole('region', { name: 'Picture of the workflow, to be edited' });
  await picture.focus();
  await keyboard.press('ArrowDown');
  await chosen('Hello');
  await connect('Choice');
  await chosen('Choice');
  await picture.focus();
  await connect('Parallel');
  await chosen('Parallel');
  await picture.focus();
  await keyboard.press('n');
  await menu.getByRole('button', { name: 'A Catch' }).press('Enter');
  await accessible(page);
  await menu.getByRole('button', { name: 'Fail', exact: true }).press('Enter');
  await state(page, 'Fail').waitFor();
  await picture.focus();
  await keyboard.press('ArrowUp');
  await create(page, 'by-lines');
  const { definition } = await definitionOf('by-lines');
  assert.deepEqual(
    definition.States.Choice.Choices.map((rule) => rule.Next),
    ['Succeed', 'Parallel'],
  );
  assert.equal(definition.States.Parallel.Catch[0].Next, 'Fail');
  await runs('by-lines');
  await done(page);
});

test('an alias is routed between two versions', async () => {
  const { stateMachineArn } = await definitionOf('paths');
  for (const Comment of ['one', 'two']) {
    const definition = JSON.stringify({ Comment, ...PATHS });
    await call(server.url, 'UpdateStateMachine', { stateMachineArn, definition, publish: true });
  }
  const page = await visit('/workflows/paths?tab=aliases');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New alias' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('live');
  await dialog.getByText('passo machine alias set paths:live 2=100').waitFor();
  await accessible(page);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('cell', { name: '2: 100%' }).waitFor();
  await page.getByRole('button', { name: 'Route live' }).click();
  await dialog.getByRole('button', { name: /Second version/ }).click();
  await page.getByRole('option', { name: /1$/ }).click();
  await dialog.getByText('The other version gets 10%.').waitFor();
  await dialog.getByLabel('Share in percent').fill('75');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('cell', { name: '2: 75% · 1: 25%' }).waitFor();
  await page.getByRole('button', { name: 'Delete the alias: live' }).click();
  await dialog.getByRole('button', { name: 'Delete the alias' }).click();
  await page.getByText('2: 75%').waitFor({ state: 'detached' });
  await done(page);
});

test('a state is copied into another workflow', async () => {
  const page = await visit('/new?template=hello');
  const picture = page.getByRole('region', { name: 'Picture of the workflow, to be edited' });
  await state(page, 'Hello').click();
  await fields(page).getByRole('heading', { name: 'Hello', exact: true }).waitFor();
  await picture.press('Control+c');
  await picture.press('Control+v');
  await state(page, 'Hello 2').waitFor();
  await page.getByText('No problems').waitFor();
  await done(page);
});

test('a definition is read and changed as YAML', async () => {
  const page = await visit('/new?template=choice');
  const dialog = page.getByRole('dialog');
  await page.getByText('No problems').waitFor();
  await page.getByRole('button', { name: 'YAML', exact: true }).click();
  const yaml = dialog.getByRole('textbox', { name: 'The definition in YAML' });
  await page.waitForFunction(() => document.querySelector('.yamltext')?.value.includes('StartAt:'));
  await accessible(page);
  const before = await yaml.inputValue();
  await yaml.fill('StartAt: [');
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await dialog.getByText('This YAML cannot be read').waitFor();
  await yaml.fill(`Comment: from YAML\n${before.replace(/^Comment:.*\n/, '')}`);
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Code of the definition' }).getByText('"from YAML"').waitFor();
  await page.getByText('No problems').waitFor();
  // The refusal is an answer of the server, which a browser tells of in its console.
  page.problems = page.problems.filter((one) => !one.includes('400'));
  await done(page);
});
