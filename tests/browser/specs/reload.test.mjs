import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const GREETING = 'assistant: Hello! I repeat what you write, one word at a time.';

withOurUi('streaming', 'a reload returns to the conversation', async ({ chat }) => {
  await chat.shows([GREETING]);
  await chat.send('some words');
  await chat.shows([GREETING, 'user: some words', 'assistant: some words']);
  await chat.idle();
  await chat.page.reload();
  await chat.shows([GREETING, 'user: some words', 'assistant: some words']);
  await chat.send('more');
  await chat.shows([GREETING, 'user: some words', 'assistant: some words', 'user: more', 'assistant: more']);
});

withOurUi('streaming', 'a reload in the middle of an answer loses and doubles nothing', async ({ chat }) => {
  const words = Array.from({ length: 150 }, (_, n) => `w${n}`).join(' ');
  await chat.shows([GREETING]);
  await chat.send(words);
  await until('the answer has begun', () => chat.transcript(), (seen) => /^assistant: w0 w1 w2/.test(seen[2] ?? ''));
  await chat.page.reload();
  await until('the answer goes on', () => chat.transcript(), (seen) => /^assistant: w0 w1 w2/.test(seen[2] ?? ''));
  await chat.shows([GREETING, `user: ${words}`, `assistant: ${words}`]);
  await chat.idle();
});

withOurUi('counter', 'a reload keeps the session’s data', async ({ chat }) => {
  const greeting = "assistant: Hi! I'll count how many messages you send.";
  await chat.shows([greeting]);
  await chat.send('a');
  await chat.shows([greeting, 'user: a', 'assistant: a: you have sent 1 message(s)!']);
  await chat.page.reload();
  await chat.shows([greeting, 'user: a', 'assistant: a: you have sent 1 message(s)!']);
  await chat.send('b');
  await chat.shows([greeting, /./, /./, 'user: b', 'assistant: b: you have sent 2 message(s)!']);
});

withOurUi('ask_name', 'a reload keeps an open question', async ({ chat }) => {
  await chat.shows(['assistant: What is your name?']);
  await chat.page.reload();
  await chat.shows(['assistant: What is your name?']);
  await chat.send('Ada');
  await chat.shows(['assistant: What is your name?', 'user: Ada', 'assistant: Nice to meet you, Ada!']);
});
