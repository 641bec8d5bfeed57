// Pictures of pages, from the real binary running the examples: node e2e/shots.mjs FOLDER [NAME…]
import { mkdirSync } from 'node:fs';
import { openBrowser, openPage } from './browser.mjs';
import { startServer } from './server.mjs';
import { openShowroom } from './showroom.mjs';

const [folder = '../docs/console', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const showroom = await openShowroom();
const keys = { PASSO_ACCESS_KEY_ID: 'AKIDEXAMPLE', PASSO_SECRET_ACCESS_KEY: 'nobody signs in with it' };
const locked = await startServer(['--ephemeral'], { environment: keys });
const execution = (arn, rest = '') => `/executions/${encodeURIComponent(arn)}${rest}`;
const { arns } = showroom;
const orders = '/workflows/OrderProcessingStateMachine';
const pages = {
  home: '/',
  executions: '/executions',
  'executions-failed': '/executions?status=FAILED,TIMED_OUT',
  succeeded: execution(arns.confirmed),
  retried: execution(arns.retried),
  failed: execution(arns.cancelled),
  waiting: execution(arns.waiting),
  'data-sets': execution(arns.dataSets),
  states: execution(arns.retried, '?view=states'),
  events: execution(arns.retried, '?view=events&event=4'),
  io: execution(arns.confirmed, '?view=io'),
  logs: execution(arns.retried, '?view=logs'),
  variables: execution(arns.retried, '?state=Process%20payment&tab=variables'),
  workflows: '/workflows',
  workflow: orders,
  metrics: `${orders}?tab=metrics`,
  versions: `${orders}?tab=versions`,
  edit: `${orders}/edit?state=Process%20payment`,
  new: '/new?template=parallel',
  approvals: '/approvals',
  decided: '/approvals?list=decided',
  activities: '/activities',
  failures: '/failures',
  cost: '/cost',
  'map-runs': '/map-runs',
  'map-run': `/map-runs/${encodeURIComponent(arns.mapRun)}`,
  play: '/play',
  test: '/test',
  settings: '/settings',
  'sign-in': '/',
};
const SIZE = { width: 1440, height: 900 };
const variants = [
  { suffix: '', language: 'en', theme: 'light', ...SIZE },
  { suffix: '.pt-dark', language: 'pt-BR', theme: 'dark', ...SIZE },
  { suffix: '.narrow', language: 'pt-BR', theme: 'light', width: 360, height: 800 },
];
const browser = await openBrowser();
for (const [name, path] of Object.entries(pages)) {
  const server = name === 'sign-in' ? locked : showroom;
  for (const { suffix, ...variant } of variants) {
    const shot = `${name}${suffix}`;
    const is = (one) => (one.endsWith('*') ? shot.startsWith(one.slice(0, -1)) : shot === one);
    if (wanted.length > 0 ? !wanted.some(is) : suffix === '.narrow') continue;
    const page = await openPage(browser, server.url, variant);
    await page.goto(`${server.url}/console${path}`);
    await page.waitForTimeout(2500);
    await page.screenshot({ path: `${folder}/${shot}.png` });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    console.log(shot, overflow > 0 ? `OVERFLOW ${overflow}` : '', page.problems.join('; '));
    await page.context().close();
  }
}
await browser.close();
await locked.stop();
await showroom.close();
