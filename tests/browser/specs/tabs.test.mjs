import assert from 'node:assert/strict';

import { Chat } from '../pages/chat.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

withEachFrontend('streaming', 'two users at once each get their own answer, whole', async ({ chat, another }) => {
  const greeting = 'assistant: Hello! I repeat what you write, one word at a time.';
  const other = await another();
  await chat.shows([greeting]);
  await other.shows([greeting]);
  const words = (letter) => Array.from({ length: 60 }, (_, n) => `${letter}${n}`).join(' ');
  await Promise.all([chat.send(words('a')), other.send(words('b'))]);
  await Promise.all([
    chat.shows([greeting, `user: ${words('a')}`, `assistant: ${words('a')}`]),
    other.shows([greeting, `user: ${words('b')}`, `assistant: ${words('b')}`]),
  ]);
});

withOurUi('counter', 'a copied tab is a chat of its own, and neither disturbs the other', async ({ chat }) => {
  const greeting = "assistant: Hi! I'll count how many messages you send.";
  await chat.shows([greeting]);
  await chat.send('a');
  await chat.shows([greeting, 'user: a', 'assistant: a: you have sent 1 message(s)!']);
  await chat.idle();
  // A page opened by another one is born with a copy of its session storage, as a duplicated tab is.
  const opened = chat.page.context().waitForEvent('page');
  await chat.page.evaluate(() => window.open(location.href));
  const copy = new Chat(await opened, chat);
  await copy.ready();
  await copy.shows([greeting]);
  await copy.send('b');
  await copy.shows([greeting, 'user: b', 'assistant: b: you have sent 1 message(s)!']);
  await chat.send('c');
  await chat.shows([greeting, /./, /./, 'user: c', 'assistant: c: you have sent 2 message(s)!']);
  await copy.shows([greeting, 'user: b', 'assistant: b: you have sent 1 message(s)!']);
});

withOurUi('streaming', 'a conversation that is opened elsewhere goes on there, whole, and comes back when it is wanted', async ({ chat, another }) => {
  const greeting = 'assistant: Hello! I repeat what you write, one word at a time.';
  const words = Array.from({ length: 100 }, (_, n) => `w${n}`).join(' ');
  const whole = [greeting, `user: ${words}`, `assistant: ${words}`];
  const banner = (page) => page.page.locator('.banner-elsewhere');
  await chat.shows([greeting]);
  await chat.send(words);
  await until('the answer has begun', () => chat.transcript(), (seen) => /^assistant: w0 w1 w2/.test(seen[2] ?? ''));
  // Another browser with the same memory, as after moving a profile: no lock keeps them apart.
  const other = await another();
  const memory = await chat.page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  await other.page.evaluate((text) => {
    for (const [key, value] of Object.entries(JSON.parse(text))) sessionStorage.setItem(key, value);
  }, memory);
  await other.page.reload();
  await other.ready();
  await banner(chat).waitFor();
  const then = await chat.transcript();
  await other.shows(whole, 20_000);
  await other.idle();
  await other.send('here');
  await other.shows([...whole, 'user: here', 'assistant: here']);
  await other.idle();
  // The first page keeps what it had, does not come back by itself, and takes nothing that would be lost.
  assert.deepEqual(await chat.transcript(), then);
  await until('nothing can be written there', () => chat.submit.isEnabled(), (enabled) => !enabled);
  await chat.picture('elsewhere');
  await banner(chat).getByRole('button').click();
  await banner(other).waitFor();
  await chat.shows([...whole, 'user: here', 'assistant: here'], 20_000);
  await chat.send('back');
  await chat.shows([...whole, 'user: here', 'assistant: here', 'user: back', 'assistant: back']);
});
