// A server that wants requests signed: one signs in, and the page keeps no secret.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBrowser, openPage } from './browser.mjs';
import { startServer } from './server.mjs';

const SECRET = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00';

test('one signs in and out, and the secret is nowhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'passo-'));
  const keys = join(folder, 'keys');
  writeFileSync(keys, `AKIACONSOLE123456789 ${SECRET} 111122223333\n`);
  chmodSync(keys, 0o600);
  const data = ['--data', join(folder, 'data'), '--auth', keys];
  let server = await startServer(data);
  const browser = await openBrowser();
  try {
    const refused = await fetch(`${server.url}/_passo/v1/executions`);
    assert.ok(refused.status >= 400, String(refused.status));
    const page = await openPage(browser, server.url);
    page.setDefaultTimeout(15_000);
    await page.goto(`${server.url}/console/executions`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('Access key id').fill('AKIACONSOLE123456789');
    await page.getByLabel('Secret access key').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('the access key or its secret is wrong').first().waitFor();
    await page.getByLabel('Secret access key').fill(SECRET);
    await page.keyboard.press('Enter');
    await page.getByText('No executions', { exact: true }).waitFor();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
    assert.ok(!kept.includes(SECRET) && !kept.includes('passo-session'), kept);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ['passo-session', true, 'Strict']);
    await page.reload();
    await page.getByText('No executions', { exact: true }).waitFor();
    // The session outlives the server, and ends for good when one signs out.
    const port = Number(new URL(server.url).port);
    await server.stop();
    server = await startServer(data, { port });
    await page.reload();
    await page.getByText('No executions', { exact: true }).waitFor();
    const asked = () => fetch(`${server.url}/_passo/v1/executions`, { headers: { cookie: `${cookie.name}=${cookie.value}` } });
    assert.equal((await asked()).status, 200);
    await page.getByRole('button', { name: 'Preferences' }).click();
    await page.getByText('Sign out').click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.ok((await asked()).status >= 400);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});
