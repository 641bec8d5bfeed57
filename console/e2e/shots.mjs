// Pictures of pages, from the real binary: node e2e/shots.mjs FOLDER [NAME…]
import { mkdirSync } from 'node:fs';
import { openBrowser, openPage } from './browser.mjs';
import { startServer } from './server.mjs';
import { populate } from './workflows.mjs';

const [folder = 'shots', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const server = await startServer();
const { arns } = await populate(server.url);
const execution = (arn, rest = '') => `/executions/${encodeURIComponent(arn)}${rest}`;
const pages = {
  home: '/',
  executions: '/executions',
  'executions-failed': '/executions?status=FAILED,TIMED_OUT',
  done: execution(arns.done),
  failed: execution(arns.failed),
  running: execution(arns.running),
  waiting: execution(arns.waiting),
  states: execution(arns.done, '?view=states'),
  events: execution(arns.done, '?view=events&event=4'),
  io: execution(arns.done, '?view=io'),
  workflows: '/workflows',
  workflow: '/workflows/orders',
  approvals: '/approvals',
  failures: '/failures',
  'map-run': `/map-runs/${encodeURIComponent(arns.mapRun)}`,
  play: '/play',
  test: '/test',
  settings: '/settings',
  edit: '/workflows/orders/edit?state=High%20value%3F',
  metrics: '/workflows/orders?tab=metrics',
  'map-runs': '/map-runs',
  logs: execution(arns.done, '?view=logs'),
  variables: execution(arns.done, '?state=High%20value%3F&tab=variables'),
  versions: '/workflows/orders?tab=versions',
  new: '/new?template=parallel',
};
const variants = [
  { suffix: '', language: 'en', theme: 'light' },
  { suffix: '.pt-dark', language: 'pt-BR', theme: 'dark' },
  { suffix: '.narrow', language: 'pt-BR', theme: 'light', width: 360, height: 800 },
];
const browser = await openBrowser();
for (const [name, path] of Object.entries(pages)) {
  for (const { suffix, ...variant } of variants) {
    const shot = `${name}${suffix}`;
    if (wanted.length > 0 && !wanted.some((one) => (one.endsWith('*') ? shot.startsWith(one.slice(0, -1)) : shot === one))) continue;
    const page = await openPage(browser, server.url, variant);
    await page.goto(`${server.url}/console${path}`);
    await page.waitForTimeout(1800);
    await page.screenshot({ path: `${folder}/${shot}.png` });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    console.log(shot, overflow > 0 ? `OVERFLOW ${overflow}` : '', page.problems.join('; '));
    await page.context().close();
  }
}
await browser.close();
await server.stop();
