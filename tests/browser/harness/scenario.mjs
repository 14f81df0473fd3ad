// A scenario: one example application, one frontend, one visitor with an open page, and a clean end.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { Chat } from '../pages/chat.mjs';
import { visitor } from './browser.mjs';
import { chainlitFrontend, screenshots } from './places.mjs';
import { Server } from './server.mjs';

const TEST_LIMIT = 60_000;

const wanted = (process.env.CHAINLIT_TEST_FRONTENDS ?? 'ours,chainlit').split(',');

/**
 * @typedef {object} Stage What a scenario's body works with.
 * @property {Chat} chat The first visitor's page, already open.
 * @property {Server} server
 * @property {any} door What `through` put before the application.
 * @property {any} prepared What `prepare` made.
 * @property {(url?: string) => Promise<Chat>} another Opens the application as another visitor, by the same way as
 *   the first one unless a URL is given.
 * @property {(...kinds: RegExp[]) => void} expect Console errors that belong to what the scenario does to the page.
 */

/**
 * @typedef {object} Options
 * @property {() => Promise<{ env?: Record<string, string>, close: () => Promise<void> }>} [prepare] Starts what the
 *   application needs and gives the environment that tells it so.
 * @property {string} [program] What to start in place of the example’s binary.
 * @property {Record<string, string>} [files] Files of the application's folder, by name.
 * @property {(chat: Chat) => Promise<void>} [arrive] What a visitor does first, instead of just opening the page.
 * @property {object} [visit] Options of Playwright's `newContext`.
 * @property {(server: Server) => Promise<{ url: string, close: () => Promise<void> }>} [through] Puts something
 *   between the browser and the application.
 */

/**
 * Registers the scenario once for our UI and once for Chainlit's frontend.
 *
 * @param {string} example
 * @param {string} title
 * @param {(stage: Stage) => Promise<void>} body
 * @param {Options} [options]
 */
export function withEachFrontend(example, title, body, options = {}) {
  withOurUi(example, title, body, options);
  register('chainlit', example, title, body, options);
}

/** Registers the scenario for our UI alone: for what Chainlit's frontend does not promise. */
export function withOurUi(example, title, body, options = {}) {
  register('ours', example, title, body, options);
}

function register(frontend, example, title, body, options) {
  if (!wanted.includes(frontend)) return;
  test(`${example}, ${frontend}: ${title}`, { timeout: TEST_LIMIT }, async (t) => {
    if (frontend === 'chainlit' && !existsSync(path.join(chainlitFrontend, 'index.html'))) {
      assert.fail('Chainlit’s frontend is missing; fetch it with: scripts/install-test-tools');
    }
    await play(t, frontend, example, body, options);
  });
}

async function play(t, frontend, example, body, options) {
  /** @type {string[]} */
  const problems = [];
  /** @type {RegExp[]} */
  const expected = [];
  const closing = [];
  try {
    const prepared = await options.prepare?.();
    if (prepared) closing.push(() => prepared.close());
    const server = await Server.start(example, { frontend, env: prepared?.env, files: options.files, program: options.program });
    closing.push(() => server.stop());
    const door = await options.through?.(server);
    if (door) closing.push(() => door.close());
    const another = async (url = door?.url ?? server.url) => {
      const context = await visitor(frontend, problems, options.visit);
      closing.push(() => context.close());
      const chat = new Chat(await context.newPage(), { url, frontend });
      await (options.arrive?.(chat) ?? chat.open());
      return chat;
    };
    const chat = await another();
    try {
      await body({ chat, server, door, prepared, another, expect: (...kinds) => expected.push(...kinds) });
    } catch (error) {
      await picture(chat, `failed-${t.name}`);
      t.diagnostic(`output of ${example}:\n${server.output}`);
      t.diagnostic(`problems of the page: ${problems.join('\n') || 'none'}`);
      throw error;
    }
    const surprises = problems.filter((problem) => !expected.some((kind) => kind.test(problem)));
    assert.deepEqual(surprises, [], 'the page did what it should not');
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function picture(chat, name) {
  await mkdir(screenshots, { recursive: true });
  const file = `${name.replaceAll(/[^\w-]+/g, '-')}.png`;
  await chat.page.screenshot({ path: path.join(screenshots, file), timeout: 5_000 }).catch(() => {});
}
