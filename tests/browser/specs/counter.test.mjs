import { withEachFrontend } from '../harness/scenario.mjs';

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
