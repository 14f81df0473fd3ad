import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { barriers } from '../harness/axe.mjs';
import { until } from '../harness/until.mjs';

const CONFIG = '.chainlit/config.toml';
const wanting = (...keys) => `[project]\nuser_env = ${JSON.stringify(keys)}\nmask_user_env = true\n`;

const path = (chat) => new URL(chat.page.url()).pathname;

/** Waits for the form and fills it in. */
async function giveKeys(chat, keys) {
  for (const [name, value] of Object.entries(keys)) await chat.page.locator(`#${name}`).fill(value);
  await chat.page.locator('#submit-env').click();
  await chat.ready();
}

const options = {
  files: { [CONFIG]: wanting('KEY') },
  arrive: async (chat) => {
    await chat.page.goto(chat.url);
    await giveKeys(chat, { KEY: 'a secret' });
  },
};

withEachFrontend(
  'context',
  'asks for the user’s keys once, and the application gets them',
  async ({ chat }) => {
    await until('the form is left', () => path(chat), (at) => at === '/');
    await chat.send('who am I');
    await chat.shows(['user: who am I', /environment: KEY$/]);
    await chat.page.reload();
    await chat.ready();
    assert.equal(path(chat), '/');
  },
  options,
);

withOurUi(
  'context',
  'asks again when the server wants a key more, and the chat goes on',
  async ({ chat, server, expect }) => {
    expect(/WebSocket connection to .* failed/, /net::ERR_CONNECTION/);
    await server.kill();
    await server.write(CONFIG, wanting('KEY', 'OTHER'));
    await server.restart();
    const other = chat.page.locator('#OTHER');
    await other.waitFor();
    assert.equal(path(chat), '/env');
    assert.equal(await other.getAttribute('type'), 'password');
    assert.equal(await chat.page.locator('#KEY').inputValue(), 'a secret');
    assert.deepEqual(await barriers(chat.page), []);
    await chat.picture('user_env');
    await giveKeys(chat, { OTHER: 'another' });
    await chat.send('who am I');
    await chat.shows(['user: who am I', /environment: KEY, OTHER$/]);
    assert.equal(path(chat), '/');
  },
  options,
);
