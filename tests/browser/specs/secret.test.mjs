import { withEachFrontend } from '../harness/scenario.mjs';

withEachFrontend('secret', 'keeps the secret for this user and this chat only', async ({ chat, another }) => {
  await chat.send('/remember blue');
  await chat.shows(['user: /remember blue', 'assistant: I will keep it until this chat ends.']);
  await chat.send('tell');
  await chat.shows([/./, /./, 'user: tell', 'assistant: Your secret is: blue']);
  const other = await another();
  await other.send('tell');
  await other.shows(['user: tell', 'assistant: I hold no secret of yours.']);
  await chat.newChat();
  await chat.shows([]);
  await chat.send('tell');
  await chat.shows(['user: tell', 'assistant: I hold no secret of yours.']);
});
