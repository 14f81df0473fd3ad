import { withEachFrontend } from '../harness/scenario.mjs';

withEachFrontend('shared_model', 'shares the model, keeps settings per user', async ({ chat, another }) => {
  const other = await another();
  await chat.send('hello');
  await chat.shows(['user: hello', /^assistant: parrot \(temperature 1(\.0)?, call 1\): hello$/]);
  await chat.send('/temperature 0.5');
  await chat.shows([/./, /./, 'user: /temperature 0.5', 'assistant: Your temperature is now 0.5.']);
  await other.send('hi');
  await other.shows(['user: hi', /^assistant: parrot \(temperature 1(\.0)?, call 2\): hi$/]);
  await chat.send('bye');
  await chat.shows([/./, /./, /./, /./, 'user: bye', 'assistant: parrot (temperature 0.5, call 3): bye']);
});
