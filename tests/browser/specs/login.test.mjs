import assert from 'node:assert/strict';

import { barriers } from '../harness/axe.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const SECRET = 'a secret of the browser tests, which is long enough';

const path = (chat) => new URL(chat.page.url()).pathname;

/** Fills in the form, whoever's page it is. */
async function submit(chat, name, password) {
  await chat.page.locator('input[name=email], #email').fill(name);
  await chat.page.locator('input[name=password], #password').fill(password);
  await chat.page.locator('button[type=submit]').click();
}

async function logIn(chat, name, password) {
  await submit(chat, name, password);
  await chat.ready();
}

/** The browser writes each refused request to the console. */
const REFUSED = /status of 40[13]|Unauthorized/;

/** Waits for the form. */
async function atLogin(page) {
  await until('the page asks who is there', () => new URL(page.url()).pathname, (at) => at === '/login');
  await page.locator('button[type=submit]').waitFor();
}

const atTheDoor = {
  prepare: async () => ({ env: { CHAINLIT_AUTH_SECRET: SECRET }, close: async () => {} }),
  arrive: async (chat) => {
    await chat.page.goto(chat.url);
    await atLogin(chat.page);
  },
};

withEachFrontend(
  'login',
  'lets in who knows the password, and out again',
  async ({ chat, expect }) => {
    expect(REFUSED);
    await submit(chat, 'ada', 'wrong');
    await chat.page.locator('.alert, [role=alert]').first().waitFor();
    await logIn(chat, 'ada', 'lovelace');
    await until('the form is left', () => path(chat), (at) => at === '/');
    await chat.shows([/Welcome, Ada Lovelace!/]);
    await chat.send('hello');
    await chat.shows([/Welcome/, 'user: hello', 'assistant: ada says: hello']);
    await chat.page.locator('#user-nav-button').click();
    await chat.page.getByRole('menuitem').filter({ hasText: /sign out|logout/i }).first().click();
    await until('the page asks who is there', () => path(chat), (at) => at === '/login');
    await chat.page.goto(chat.url);
    await until('nobody is logged in', () => path(chat), (at) => at === '/login');
  },
  atTheDoor,
);

withEachFrontend(
  'login',
  'a withdrawn login ends what is open in each tab',
  async ({ chat, another, expect }) => {
    expect(REFUSED);
    await logIn(chat, 'grace', 'hopper');
    await chat.shows([/Welcome, Grace Hopper!/]);
    const ada = await another();
    await logIn(ada, 'ada', 'lovelace');
    await ada.shows([/Welcome, Ada/]);
    await ada.page.getByRole('button', { name: 'Log Grace out everywhere' }).click();
    await until('Grace has to log in', () => path(chat), (at) => at === '/login');
    assert.match(path(ada), /^\/thread\//);
  },
  atTheDoor,
);

withOurUi(
  'login',
  'a logout in one tab shows the login in the others, and the way leads back',
  async ({ chat, expect }) => {
    expect(REFUSED);
    await chat.page.goto(`${chat.url}/?a=b`);
    await chat.page.locator('button[type=submit]').waitFor();
    assert.equal(path(chat), '/login');
    await logIn(chat, 'ada', 'lovelace');
    assert.equal(chat.page.url(), `${chat.url}/?a=b`);
    await chat.shows([/Welcome/]);
    await chat.send('hello');
    const conversation = [/Welcome/, 'user: hello', 'assistant: ada says: hello'];
    await chat.shows(conversation);
    const address = chat.page.url();
    const other = await chat.page.context().newPage();
    await other.goto(chat.url);
    await other.locator('#user-nav-button').click();
    await other.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
    for (const page of [chat.page, other]) await atLogin(page);
    // Whoever comes back finds their chat, and nobody else does.
    await logIn(chat, 'ada', 'lovelace');
    await chat.shows(conversation);
    assert.equal(chat.page.url(), address);
    await chat.page.locator('#user-nav-button').click();
    await chat.page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await atLogin(chat.page);
    await logIn(chat, 'grace', 'hopper');
    await chat.shows([/Welcome, Grace/]);
  },
  atTheDoor,
);

for (const [name, theme, width] of [
  ['light', 'light', 1280],
  ['dark', 'dark', 1280],
  ['narrow', 'light', 360],
]) {
  withOurUi(
    'login',
    `no barrier that axe knows, ${name}`,
    async ({ chat, expect }) => {
      expect(REFUSED);
      const sideways = () => chat.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await submit(chat, 'ada', 'wrong');
      await chat.page.getByRole('alert').waitFor();
      assert.deepEqual(await barriers(chat.page), [], 'at the form');
      assert.ok((await sideways()) <= 0);
      await chat.picture(`login-${name}`);
      await logIn(chat, 'ada', 'lovelace');
      await chat.shows([/Welcome/]);
      await chat.page.locator('#user-nav-button').click();
      await chat.page.getByRole('menuitem').first().waitFor();
      assert.deepEqual(await barriers(chat.page), [], 'in the menu');
      assert.ok((await sideways()) <= 0);
      await chat.picture(`login-menu-${name}`);
    },
    {
      ...atTheDoor,
      files: { '.chainlit/config.toml': `[UI]\nname = "Assistant"\ndefault_theme = "${theme}"\n` },
      visit: { viewport: { width, height: 720 } },
    },
  );
}
