import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';

const GREETING = "assistant: Hi! I'll count how many messages you send.";

withEachFrontend('counter', 'counts each user apart', async ({ chat, another }) => {
  const other = await another();
  await chat.shows([GREETING]);
  await other.shows([GREETING]);
  await chat.send('a');
  await chat.shows([GREETING, 'user: a', 'assistant: a: you have sent 1 message(s)!']);
  await other.shows([GREETING]);
  await other.send('b');
  await other.shows([GREETING, 'user: b', 'assistant: b: you have sent 1 message(s)!']);
  await chat.send('c');
  await chat.shows([
    GREETING,
    'user: a',
    'assistant: a: you have sent 1 message(s)!',
    'user: c',
    'assistant: c: you have sent 2 message(s)!',
  ]);
  await other.shows([GREETING, 'user: b', 'assistant: b: you have sent 1 message(s)!']);
});

withOurUi('counter', 'answers messages that come faster than answers in their order', async ({ chat }) => {
  await chat.shows([GREETING]);
  const texts = Array.from({ length: 8 }, (_, n) => `m${n + 1}`);
  for (const text of texts) {
    await chat.input.fill(text);
    await chat.input.press('Enter');
  }
  const seen = await chat.shows([GREETING, ...texts.flatMap(() => [/./, /./])]);
  const said = (who) => seen.slice(1).filter((line) => line.startsWith(who));
  assert.deepEqual(
    said('user'),
    texts.map((text) => `user: ${text}`),
  );
  assert.deepEqual(
    said('assistant'),
    texts.map((text, n) => `assistant: ${text}: you have sent ${n + 1} message(s)!`),
  );
});
