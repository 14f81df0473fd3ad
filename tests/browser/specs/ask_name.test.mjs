import { withEachFrontend } from '../harness/scenario.mjs';

withEachFrontend('ask_name', 'asks before the chat and remembers the answer', async ({ chat }) => {
  await chat.shows(['assistant: What is your name?']);
  await chat.picture('ask_name-question');
  await chat.send('Ada');
  const met = ['assistant: What is your name?', 'user: Ada', 'assistant: Nice to meet you, Ada!'];
  await chat.shows(met);
  await chat.send('hello');
  await chat.shows([...met, 'user: hello', 'assistant: Ada, you said: hello']);
});
