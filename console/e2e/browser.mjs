// Debian's Chromium, without anything that speaks to the outside.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const openBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** A page in a language and a theme that fails on errors of scripts and on requests to elsewhere. */
export async function openPage(browser, url, { language = 'en', theme = 'light', width = 1680, height = 1050 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: language, colorScheme: theme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`script: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && page.problems.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) page.problems.push(`elsewhere: ${request.url()}`);
  });
  return page;
}

/** The same, at a place of a server's console; a journey ends with `done`. */
export async function openConsole(browser, server, path, { patience = 15_000, ...options } = {}) {
  const page = await openPage(browser, server.url, options);
  page.setDefaultTimeout(patience);
  await page.goto(`${server.url}/console${path}`);
  return page;
}

/** Ends a journey, on which nothing may have gone wrong behind the scenes. */
export async function done(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}
