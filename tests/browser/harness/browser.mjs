// Chromium, one per test file, and the watch on what a page does besides what it should.

import { after } from 'node:test';

import { chromium } from 'playwright-core';

import { PATIENCE } from './until.mjs';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A microphone that hums, and that nobody has to allow.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let launched;

after(async () => (await launched)?.close());

/** The test file's browser: started at the first call, closed after the file's last test. */
function browser() {
  launched ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
  return launched;
}

/**
 * Opens a browser context: one visitor with their own cookies and storage.
 *
 * Requests that leave the machine never get there. Chainlit's frontend asks for fonts and style sheets of other
 * hosts and gets empty ones; for our UI such a request is a problem of its own.
 *
 * @param {string} frontend
 * @param {string[]} problems What went wrong in any page of the context is added here.
 * @param {object} [options] Options of Playwright's `newContext`.
 */
export async function visitor(frontend, problems, options = {}) {
  const context = await (await browser()).newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(PATIENCE);
  await context.route(
    (url) => url.protocol.startsWith('http') && url.hostname !== '127.0.0.1',
    (route) => {
      if (frontend !== 'chainlit') problems.push(`request to another host: ${route.request().url()}`);
      return route.fulfill({ status: 200, body: '' });
    },
  );
  context.on('weberror', (error) => problems.push(`page error: ${error.error()?.stack ?? error.error()}`));
  context.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  context.on('console', (line) => {
    if (line.type() === 'error') problems.push(`console: ${line.text()} (${line.location().url})`);
  });
  return context;
}
