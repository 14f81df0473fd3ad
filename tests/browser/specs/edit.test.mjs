import { withEachFrontend } from '../harness/scenario.mjs';

const GREETING = 'assistant: Hello! Write something and I will repeat it.';

withEachFrontend('hello', 'answers an edited message anew and drops what came after', async ({ chat }) => {
  await chat.shows([GREETING]);
  await chat.send('one');
  await chat.shows([GREETING, 'user: one', 'assistant: You said: one']);
  await chat.send('two');
  await chat.shows([GREETING, 'user: one', 'assistant: You said: one', 'user: two', 'assistant: You said: two']);
  await chat.idle();
  await chat.edit(0, 'uno');
  await chat.shows([GREETING, 'user: uno', 'assistant: You said: uno']);
  await chat.send('three');
  await chat.shows([GREETING, 'user: uno', 'assistant: You said: uno', 'user: three', 'assistant: You said: three']);
});
