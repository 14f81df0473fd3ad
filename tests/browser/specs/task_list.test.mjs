// What is being worked on, live.

import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const tasks = (chat, what, holds) => until(what, () => chat.tasks(), holds);
const wanted = ['done Spell "ab"', 'failed Spell "c3"', 'done Spell "de"'];

withEachFrontend('task_list', 'each task is seen to run and to end', async ({ chat }) => {
  await chat.send('ab c3 de');
  await tasks(chat, 'the first one runs', (seen) => seen[0] === 'running Spell "ab"' && seen[2] === 'ready Spell "de"');
  await chat.picture('task-list-running');
  await tasks(chat, 'all have ended', (seen) => JSON.stringify(seen) === JSON.stringify(wanted));
  await until('the list says so', () => chat.page.locator('.tasklist').first().innerText(), (text) => text.includes('Done'));
  await chat.picture('task-list');
});

withOurUi('task_list', 'a task leads to its message, and a reloaded page has the list', async ({ chat }) => {
  await chat.send('ab');
  await tasks(chat, 'it has ended', (seen) => seen[0] === 'done Spell "ab"');
  await chat.idle();
  await chat.page.locator('.task button').click();
  const focused = () => chat.page.evaluate(() => document.activeElement.innerText);
  await until('the message has the focus', focused, (text) => text.includes('a-b'));
  await chat.page.reload();
  await tasks(chat, 'the list is back', (seen) => seen.length === 1 && seen[0] === 'done Spell "ab"');
});

withOurUi(
  'task_list',
  'on a telephone the list is folded above the conversation',
  async ({ chat }) => {
    await chat.send('ab');
    const list = chat.page.locator('.tasklist-mobile');
    await until('it says how it goes', () => list.innerText(), (text) => text.includes('Done'));
    assert.equal(await list.locator('.task').first().isVisible(), false);
    await list.locator('summary').click();
    await list.locator('.task').first().waitFor();
  },
  { visit: { viewport: { width: 390, height: 800 } } },
);
