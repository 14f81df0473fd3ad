import { withEachFrontend } from '../harness/scenario.mjs';

const GREETING = 'assistant: Hello! Write something and I will repeat it.';

withEachFrontend('hello', 'greets and repeats what is written, in order', async ({ chat }) => {
  await chat.shows([GREETING]);
  await chat.picture('hello-start');
  await chat.send('one');
  await chat.shows([GREETING, 'user: one', 'assistant: You said: one']);
  await chat.send('two');
  await chat.shows([GREETING, 'user: one', 'assistant: You said: one', 'user: two', 'assistant: You said: two']);
  await chat.idle();
  await chat.picture('hello-conversation');
});

withEachFrontend('hello', 'starts over after a new chat, once confirmed', async ({ chat }) => {
  await chat.shows([GREETING]);
  await chat.send('one');
  await chat.shows([GREETING, 'user: one', 'assistant: You said: one']);
  await chat.newChat();
  await chat.shows([GREETING]);
  await chat.send('two');
  await chat.shows([GREETING, 'user: two', 'assistant: You said: two']);
});
