// Messages that the server did not answer: what is sent again by itself, and what is not.

import assert from 'node:assert/strict';

import { Proxy } from '../harness/proxy.mjs';
import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

/** What a browser says to the developer about a connection that was taken away. */
const GONE = [/WebSocket connection to .* failed/, /net::ERR_(CONNECTION|SOCKET|EMPTY)/];

const through = (server) => Proxy.to(server.port);

const STOP_NOTE = /^assistant: Tasks still running: 0\. Counting/;
const runs = (seen) => seen.filter((line) => STOP_NOTE.test(line)).length;

/** Writes while an answer is running. */
async function interject(chat, text) {
  await chat.input.fill(text);
  await chat.input.press('Enter');
  await until('the composer is empty again', () => chat.input.inputValue(), (value) => value === '');
}

const counting = (chat) => until('it counts', () => chat.transcript(), (seen) => /^assistant: 1 2 3/.test(seen.at(-1)), 20_000);

withOurUi('stop', 'what Stop dropped is not answered out of the blue by a server that was started anew', async ({ chat, server, expect }) => {
  expect(...GONE);
  await chat.send('go');
  await counting(chat);
  await interject(chat, 'dropped');
  await chat.stop();
  await until('the answer of on_stop', () => chat.transcript(), (seen) => seen.includes('assistant: I stopped counting.'));
  await chat.idle();
  await server.kill();
  await chat.page.locator('.connection .banner').waitFor();
  assert.equal(await chat.page.locator('.queued').count(), 0, 'nothing waits to be sent');
  await server.restart();
  await chat.page.locator('.connection .banner').waitFor({ state: 'hidden', timeout: 30_000 });
  await chat.send('new');
  await counting(chat);
  // What is sent again is sent first, and answered first.
  const seen = await chat.transcript();
  assert.equal(runs(seen), 2, seen.join('\n'));
  assert.deepEqual(seen.filter((line) => line.startsWith('user: ')), ['user: go', 'user: dropped', 'user: new']);
  await chat.stop();
});

withOurUi(
  'stop',
  'what a full queue refused is not sent again by itself',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    const refusals = async () => (await chat.transcript()).filter((line) => line.includes('too many messages are waiting')).length;
    await chat.send('go');
    await counting(chat);
    await interject(chat, 'waits');
    await interject(chat, 'refused');
    await until('the page shows the refusal', refusals, (lines) => lines === 1);
    door.cut();
    await chat.page.locator('.connection .banner').waitFor();
    assert.equal(await chat.page.locator('.queued').count(), 0, 'nothing waits to be sent');
    door.mend();
    await chat.page.locator('.connection .banner').waitFor({ state: 'hidden', timeout: 20_000 });
    // A second copy would come before this one, and be refused, too.
    await interject(chat, 'refused anew');
    await until('the page shows the second refusal', refusals, (lines) => lines === 2);
    await chat.stop();
    await chat.idle();
    assert.equal(await refusals(), 2);
  },
  { through, files: { '.chainlit/config.toml': '[limits]\ninbound_queue_events = 1\n' } },
);

withOurUi(
  'counter',
  'a message that a dead connection swallowed is sent again, once',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    const greeting = "assistant: Hi! I'll count how many messages you send.";
    const answer = (text, n) => `assistant: ${text}: you have sent ${n} message(s)!`;
    await chat.shows([greeting]);
    door.swallow('server');
    await interject(chat, 'one');
    door.cut();
    await chat.page.locator('.queued').waitFor();
    door.mend();
    await chat.shows([greeting, 'user: one', answer('one', 1)], 20_000);
    await chat.idle();
    // This time it arrives, and nothing comes back.
    door.swallow('browser');
    await interject(chat, 'two');
    await chat.shows([greeting, 'user: one', answer('one', 1), 'user: two']);
    door.cut();
    door.mend();
    await chat.shows([greeting, 'user: one', answer('one', 1), 'user: two', answer('two', 2)], 20_000);
    await chat.send('three');
    await chat.shows([greeting, /./, /./, /./, /./, 'user: three', answer('three', 3)]);
  },
  { through },
);

const WORDS = Array.from({ length: 60 }, (_, n) => `w${n}`).join(' ');
const GREETING = 'assistant: Hello! I repeat what you write, one word at a time.';
const begun = (chat) => until('the answer has begun', () => chat.transcript(), (seen) => /^assistant: w0 w1 w2/.test(seen[2] ?? ''));

withOurUi('streaming', 'a server that is killed in an answer leaves what it said, and answers what waits when it is back', async ({ chat, server, expect }) => {
  expect(...GONE);
  await chat.shows([GREETING]);
  await chat.send(WORDS);
  await begun(chat);
  await server.kill();
  await chat.page.locator('.connection .banner').waitFor();
  const [, question, half] = await chat.transcript();
  assert.equal(question, `user: ${WORDS}`);
  await interject(chat, 'are you there');
  await server.restart();
  const all = [GREETING, question, half, 'user: are you there', GREETING, 'assistant: are you there'];
  await until(
    'what was there, the message, and the new server’s own',
    () => chat.transcript(),
    (seen) => JSON.stringify([...seen].sort()) === JSON.stringify([...all].sort()),
    30_000,
  );
  await chat.idle();
  assert.deepEqual((await chat.transcript()).slice(0, 4), all.slice(0, 4));
  await until('a line sets apart what is forgotten', () => chat.page.locator('.forgotten').count(), (lines) => lines === 1);
  await until('the message that went to the new server can be edited', () => chat.page.locator('.edit-message').count(), (own) => own === 1);
  await chat.picture('killed-in-an-answer');
});

withOurUi('streaming', 'what is written to a server that goes down is answered by the next one', async ({ chat, server, expect }) => {
  expect(...GONE);
  const toasts = () => chat.page.locator('.toast').allInnerTexts();
  await chat.shows([GREETING]);
  await chat.send(WORDS);
  await begun(chat);
  server.interrupt();
  await until('the page says that the server goes down', toasts, (texts) => texts.some((text) => text.includes('going down')));
  await interject(chat, 'for the next');
  const told = await until('the page says what becomes of the message', toasts, (texts) => texts.some((text) => text.includes('no more messages')));
  assert.ok(!told.some((text) => /send yours again/i.test(text)), 'the page sends it again itself');
  await server.ended();
  await until('the answer was finished', () => chat.transcript(), (seen) => seen[2] === `assistant: ${WORDS}`);
  await chat.page.locator('.queued').waitFor();
  await chat.picture('server-went-down');
  await server.restart();
  await until(
    'the new server’s answer',
    () => chat.transcript(),
    (seen) => seen.includes('assistant: for the next') && seen.filter((line) => line === 'user: for the next').length === 1,
    30_000,
  );
  await chat.idle();
  await until('nothing waits any more', () => chat.page.locator('.queued').count(), (notes) => notes === 0);
});
