import assert from 'node:assert/strict';

import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const focused = (chat) => chat.page.evaluate(() => document.activeElement?.id ?? '');

/** Presses Tab until the element has the focus; it must come within a round through the page. */
async function tabTo(chat, selector, key = 'Tab') {
  const here = () => chat.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  for (let stops = 0; stops < 60; stops += 1) {
    if (await here()) return;
    await chat.page.keyboard.press(key);
  }
  assert.fail(`${selector} can't be reached with ${key}`);
}

withOurUi('hello', 'a whole chat without a mouse', async ({ chat }) => {
  const { keyboard } = chat.page;
  const greeting = 'assistant: Hello! Write something and I will repeat it.';
  await chat.shows([greeting]);
  await chat.idle();
  await tabTo(chat, '#chat-input');
  await keyboard.type('one');
  await keyboard.press('Shift+Enter');
  await keyboard.type('two');
  await keyboard.press('Enter');
  await chat.shows([greeting, 'user: one two', 'assistant: You said: one two']);
  await chat.idle();
  assert.equal(await focused(chat), 'chat-input', 'one can go on writing');

  await tabTo(chat, '.edit-message', 'Shift+Tab');
  await keyboard.press('Enter');
  await until('the edit field has the focus', () => focused(chat), (id) => id === 'edit-chat-input');
  await keyboard.press('Control+a');
  await keyboard.type('three');
  await tabTo(chat, '.confirm-edit');
  await keyboard.press('Enter');
  await chat.shows([greeting, 'user: three', 'assistant: You said: three']);
  await chat.idle();

  await tabTo(chat, '#new-chat-button');
  await keyboard.press('Enter');
  await chat.page.locator('#new-chat-dialog').waitFor();
  await keyboard.press('Escape');
  await chat.page.locator('#new-chat-dialog').waitFor({ state: 'hidden' });
  assert.equal(await focused(chat), 'new-chat-button', 'the focus comes back from a dialog');
  await keyboard.press('Enter');
  await chat.page.locator('#new-chat-dialog').waitFor();
  await tabTo(chat, '#confirm');
  await keyboard.press('Enter');
  await chat.shows([greeting]);
});

withOurUi('stop', 'Escape stops', async ({ chat }) => {
  await chat.send('go');
  await until('some numbers', () => chat.transcript(), (seen) => /^assistant: 1 2 3/.test(seen[2] ?? ''));
  await chat.page.keyboard.press('Escape');
  await chat.idle();
  await until('the answer of on_stop', () => chat.transcript(), (seen) => seen.includes('assistant: I stopped counting.'));
});
