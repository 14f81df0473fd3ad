// The stored conversations beside the chat, by the names that our UI and Chainlit's frontend share.

import { until } from '../harness/until.mjs';

/** What an application needs that lets people in. */
export const prepare = async () => ({
  env: { CHAINLIT_AUTH_SECRET: 'a secret of the tests, long enough to sign with' },
  close: async () => {},
});

/** Asked before anybody has logged in, the server refuses its settings. */
export const refused = /status of 401|Unauthorized/;

/**
 * Logs in on the page that asks for it, and waits until one can write.
 *
 * @param {import('./chat.mjs').Chat} chat
 */
export async function login(chat, name = 'ada') {
  await chat.page.goto(chat.url);
  await chat.page.locator('input[name=email]').fill(name);
  await chat.page.locator('input[name=password]').fill(`pw-${name}`);
  await chat.page.locator('button[type=submit]').click();
  await chat.ready();
}

export class Threads {
  /** @param {import('./chat.mjs').Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.page = chat.page;
    this.list = this.page.locator('#thread-history');
  }

  /** Titles in the list, in their order. */
  titles() {
    return this.list.locator('[id^="thread-"]:is(li)').evaluateAll((rows) => rows.map((row) => row.innerText.trim()));
  }

  /** Waits until the list has exactly these titles, in their order. */
  shows(wanted) {
    const holds = (titles) => JSON.stringify(titles) === JSON.stringify(wanted);
    return until(`the list is ${JSON.stringify(wanted)}`, () => this.titles(), holds);
  }

  /** The same in any order. */
  has(wanted) {
    const holds = (titles) => JSON.stringify([...titles].sort()) === JSON.stringify([...wanted].sort());
    return until(`the list has ${JSON.stringify(wanted)}`, () => this.titles(), holds);
  }

  /** The row with that title. */
  row(title) {
    return this.list.locator('li[id^="thread-"]', { hasText: title });
  }

  /** Goes to the conversation with that title. */
  async open(title) {
    await this.row(title).locator('a').click();
  }

  /** The address's path, once it is one of a conversation. */
  address() {
    return until('the address names a conversation', () => new URL(this.page.url()).pathname, (path) => path.startsWith('/thread/'));
  }

  /** Opens what can be done with the conversation of that title. */
  async options(title) {
    await this.row(title).hover();
    await this.row(title).locator('#thread-options').click();
  }
}
