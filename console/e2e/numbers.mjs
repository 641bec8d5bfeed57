// What the console promises in numbers, measured on the real binary: node e2e/numbers.mjs. Ends with 1 where one is missed.
import { openBrowser, openPage } from './browser.mjs';
import { call, startServer, until } from './server.mjs';

const ROLE = 'arn:aws:iam::000000000000:role/console';
const server = await startServer();
const browser = await openBrowser();
const rows = [];
const note = (what, figure, limit, unit) => rows.push({ what, figure: Math.round(figure * 10) / 10, limit, unit, kept: figure <= limit });

async function start(name, definition) {
  const { stateMachineArn } = await call(server.url, 'CreateStateMachine', { name, definition: JSON.stringify(definition), roleArn: ROLE });
  const { executionArn } = await call(server.url, 'StartExecution', { stateMachineArn, input: '{"n":0}' });
  return executionArn;
}

const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];

/** 200 states in 10 branches; every 40 ms one is left and the next is entered. */
function busy() {
  const [branches, steps] = [10, 20];
  const at = (branch, step) =>
    `{% $fromMillis($toMillis($states.context.Execution.StartTime) + ${6000 + 40 * (step * branches + branch)}) %}`;
  const branch = (number) => {
    const States = {};
    for (let step = 0; step < steps; step += 1) {
      const way = step + 1 < steps ? { Next: `B${number} S${step + 1}` } : { End: true };
      States[`B${number} S${step}`] = { Type: 'Wait', Timestamp: at(number, step), ...way };
    }
    return { StartAt: `B${number} S0`, States };
  };
  const Branches = Array.from({ length: branches }, (_, number) => branch(number));
  return { QueryLanguage: 'JSONata', StartAt: 'All', States: { All: { Type: 'Parallel', Branches, End: true } } };
}

/** 200 states below each other, with choices and a handler of errors. */
function long(count) {
  const States = {};
  for (let index = 0; index < count; index += 1) {
    const Next = `S${index + 1}`;
    const Catch = index % 7 === 0 ? [{ ErrorEquals: ['States.ALL'], Next: `S${count}` }] : [];
    States[`S${index}`] =
      index % 9 === 4
        ? { Type: 'Choice', Choices: [{ Condition: '{% $a %}', Next: `S${Math.min(count, index + 5)}` }], Default: Next }
        : { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next, Catch };
  }
  States[`S${count}`] = { Type: 'Succeed' };
  return { QueryLanguage: 'JSONata', StartAt: 'S0', States };
}

const loop = {
  QueryLanguage: 'JSONata',
  StartAt: 'Again?',
  States: {
    'Again?': { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n < 6240 %}', Next: 'Count' }], Default: 'Done' },
    Count: { Type: 'Pass', Output: { n: '{% $states.input.n + 1 %}' }, Next: 'Again?' },
    Done: { Type: 'Succeed' },
  },
};

async function firstView() {
  const times = [];
  let bytes = 0;
  for (let turn = 0; turn < 5; turn += 1) {
    const page = await openPage(browser, server.url);
    await page.goto(`${server.url}/console/`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    const seen = await page.evaluate(() => {
      const loaded = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')];
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      const files = loaded.filter((one) => one.name.includes('/console/'));
      return { bytes: files.reduce((sum, one) => sum + one.encodedBodySize, 0), paint: paint?.startTime ?? 0, heading: performance.now() };
    });
    bytes = seen.bytes;
    times.push(Math.max(seen.paint, seen.heading));
    await page.context().close();
  }
  note('first view, compressed', bytes / 1000, 500, 'kB');
  note('first view, until it can be read', median(times), 1000, 'ms');
}

async function layouts() {
  const page = await openPage(browser, server.url);
  await page.goto(`${server.url}/console/`);
  for (const [count, limit] of [
    [200, 150],
    [1000, 500],
  ]) {
    const times = await page.evaluate(
      async (body) => {
        const taken = [];
        for (let turn = 0; turn < 9; turn += 1) {
          const begun = performance.now();
          const answer = await fetch('/_passo/v1/layout', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
          await answer.json();
          taken.push(performance.now() - begun);
        }
        return taken;
      },
      JSON.stringify(long(count)),
    );
    note(`layout of ${count} states, with the way there and back`, median(times), limit, 'ms');
  }
  await page.context().close();
}

/** Percent of a second that the page's main thread is busy, over five seconds. */
async function busyShare(page) {
  const session = await page.context().newCDPSession(page);
  // The thread's own time: what other programs take of the machine does not count.
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return { busy: metrics.find((metric) => metric.name === 'TaskDuration').value, at: performance.now() / 1000 };
  };
  const before = await read();
  await page.waitForTimeout(5000);
  const after = await read();
  return ((after.busy - before.busy) / (after.at - before.at)) * 100;
}

async function lastEvent(executionArn) {
  const { events } = await call(server.url, 'GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1 });
  return events[0].id;
}

async function live() {
  for (const [name, whole] of [
    ['where one begins', false],
    ['all states in view', true],
  ]) {
    const arn = await start(whole ? 'busy-all' : 'busy', busy());
    const page = await openPage(browser, server.url);
    await page.goto(`${server.url}/console/executions/${encodeURIComponent(arn)}`);
    await page.locator('.snode.has').first().waitFor();
    if (whole) await page.locator('.react-flow__controls-fitview').click();
    await page.waitForTimeout(1000);
    // States enter at once; changes have begun where there are more events than that.
    await until(async () => (await lastEvent(arn)) > 40, 'changes');
    const begun = { at: Date.now(), event: await lastEvent(arn) };
    const share = await busyShare(page);
    const rate = ((await lastEvent(arn)) - begun.event) / ((Date.now() - begun.at) / 1000);
    if (rate < 45) throw new Error(`only ${rate} changes a second`);
    note(`main thread with 50 changes a second on 200 states, ${name}`, share, whole ? 100 : 20, '%');
    await page.context().close();
  }
}

async function events() {
  const executionArn = await start('loop', loop);
  const isOver = async () => (await call(server.url, 'DescribeExecution', { executionArn })).status !== 'RUNNING';
  await until(isOver, 'the loop', 120_000);
  const page = await openPage(browser, server.url);
  page.setDefaultTimeout(60_000);
  await page.goto(`${server.url}/console/executions/${encodeURIComponent(executionArn)}?view=events`);
  await page.getByText(/^2\d,\d{3} events$/).waitFor();
  await page.waitForTimeout(1000);
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration);
    }).observe({ type: 'longtask' });
  });
  await page.getByRole('region', { name: 'Events' }).hover();
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 4000);
  await page.waitForTimeout(500);
  note('longest task while 25,000 events scroll (0: none of 50 ms)', await page.evaluate(() => globalThis.longest), 50, 'ms');
  await page.context().close();
}

try {
  await firstView();
  await layouts();
  await live();
  await events();
} finally {
  await browser.close();
  await server.stop();
}
for (const { what, figure, limit, unit, kept } of rows)
  console.log(`${kept ? 'kept  ' : 'MISSED'} ${what}: ${figure} ${unit} (at most ${limit})`);
process.exitCode = rows.every((row) => row.kept) ? 0 : 1;
