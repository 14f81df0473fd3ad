import assert from 'node:assert/strict';

import { Proxy } from '../harness/proxy.mjs';
import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const GREETING = 'assistant: Hello! I repeat what you write, one word at a time.';

/** What a browser says to the developer about a connection that was taken away. */
const GONE = [/WebSocket connection to .* failed/, /net::ERR_(CONNECTION|SOCKET|EMPTY)/];

const through = (server) => Proxy.to(server.port);

/** The words, long enough on their way for things to happen meanwhile. */
const WORDS = Array.from({ length: 300 }, (_, n) => `w${n}`);
const ANSWER = `assistant: ${WORDS.join(' ')}`;

/** Waits until the answer shows at least so many words; at every look it must be a beginning of the whole. */
function grown(chat, words) {
  const wanted = `assistant: ${WORDS.slice(0, words).join(' ')}`;
  return until(
    `${words} words of the answer`,
    async () => {
      const answer = (await chat.transcript())[2] ?? '';
      assert.ok(ANSWER.startsWith(answer), `words are missing or doubled: ${answer}`);
      return answer;
    },
    (answer) => answer.startsWith(wanted),
    20_000,
  );
}

withOurUi(
  'streaming',
  'a connection that is cut twice in an answer costs no word and doubles none',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    await chat.shows([GREETING]);
    await chat.send(WORDS.join(' '));
    for (const words of [20, 80]) {
      await grown(chat, words);
      door.cut();
      door.mend();
    }
    await grown(chat, WORDS.length);
    await chat.idle();
    await chat.send('and on');
    await chat.shows([GREETING, /./, ANSWER, 'user: and on', 'assistant: and on']);
  },
  { through },
);

withOurUi(
  'streaming',
  'a connection that stays away says so, and the answer is whole when it is back',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    const banner = chat.page.locator('[role="status"].connection');
    await chat.shows([GREETING]);
    assert.equal(await banner.innerText(), '', 'nothing is said while all is well');
    await chat.send(WORDS.join(' '));
    await grown(chat, 20);
    door.cut();
    await until('the page says that the connection is lost', () => banner.innerText(), (text) => text !== '');
    await chat.picture('connection-lost');
    door.mend();
    await grown(chat, WORDS.length);
    await chat.shows([GREETING, `user: ${WORDS.join(' ')}`, ANSWER]);
    await until('the page is silent again', () => banner.innerText(), (text) => text === '');
  },
  { through },
);

withOurUi(
  'streaming',
  'an answer that ended while the connection was away is there when it is back',
  async ({ chat, door, server, another, expect }) => {
    expect(...GONE);
    const words = WORDS.slice(0, 60).join(' ');
    await chat.shows([GREETING]);
    await chat.send(words);
    await grown(chat, 5);
    door.cut();
    // Another visitor gives the same order later and has its answer: by then the first answer is over.
    const other = await another(server.url);
    await other.shows([GREETING]);
    await other.send(words);
    await other.shows([GREETING, `user: ${words}`, `assistant: ${words}`]);
    door.mend();
    await chat.shows([GREETING, `user: ${words}`, `assistant: ${words}`], 20_000);
    await chat.idle();
  },
  { through },
);

withOurUi(
  'hello',
  'a message that was written while the connection was away is sent once it is back',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    const greeting = 'assistant: Hello! Write something and I will repeat it.';
    await chat.shows([greeting]);
    await chat.idle();
    door.cut();
    await chat.page.locator('.connection .banner').waitFor();
    await chat.input.fill('are you there');
    await chat.input.press('Enter');
    door.mend();
    await chat.shows([greeting, 'user: are you there', 'assistant: You said: are you there'], 20_000);
  },
  { through },
);

withOurUi(
  'ask_name',
  'a question that was open when the connection was cut can be answered once it is back',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    await chat.shows(['assistant: What is your name?']);
    door.cut();
    await chat.page.locator('.connection .banner').waitFor();
    door.mend();
    await chat.page.locator('.connection .banner').waitFor({ state: 'hidden' });
    await chat.send('Ada');
    await chat.shows(['assistant: What is your name?', 'user: Ada', 'assistant: Nice to meet you, Ada!']);
  },
  { through },
);

withOurUi(
  'stop',
  'an answer can be stopped after its connection was cut',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    const answer = (pattern) =>
      until(`the answer ${pattern}`, () => chat.transcript(), (seen) => pattern.test(seen[2] ?? ''), 20_000);
    await chat.send('go');
    await answer(/^assistant: 1 2 3 4 5/);
    door.cut();
    door.mend();
    await answer(/^assistant: 1 2 3 4 5 6 7 .* 25/);
    await chat.stop();
    await chat.idle();
    await until('the answer of on_stop', () => chat.transcript(), (seen) => seen.includes('assistant: I stopped counting.'));
  },
  { through },
);

withOurUi('hello', 'a server that was killed and started again is told truthfully', async ({ chat, server, expect }) => {
  expect(...GONE);
  const greeting = 'assistant: Hello! Write something and I will repeat it.';
  const banner = chat.page.locator('[role="status"].connection');
  await chat.shows([greeting]);
  await chat.send('one');
  await chat.shows([greeting, 'user: one', 'assistant: You said: one']);
  await chat.idle();
  await server.kill();
  await until('the page says that the server is away', () => banner.innerText(), (text) => text !== '');
  await chat.picture('server-away');
  await server.restart();
  await until('the page is silent again', () => banner.innerText(), (text) => text === '', 30_000);
  await chat.send('two');
  await until(
    'an answer of the new server',
    () => chat.transcript(),
    (seen) => seen.at(-2) === 'user: two' && seen.at(-1) === 'assistant: You said: two',
  );
  const transcript = await chat.transcript();
  assert.equal(transcript.filter((line) => line === 'user: one').length <= 1, true, 'nothing is doubled');
  // What the new server does not know is set apart, and can't be edited into its conversation.
  await until('a line sets the old conversation apart', () => chat.page.locator('.forgotten').count(), (lines) => lines === 1);
  await until('only the new message can be edited', () => chat.page.locator('.edit-message').count(), (own) => own === 1);
  await chat.picture('server-back');
});
