import { withEachFrontend } from '../harness/scenario.mjs';

withEachFrontend('preferences', 'changes and shows preferences', async ({ chat }) => {
  await chat.send('/show');
  await chat.shows(['user: /show', 'assistant: You have no preferences yet.']);
  await chat.send('/set colour dark blue');
  await chat.shows([/./, /./, /./, 'assistant: colour is now dark blue.']);
  await chat.send('/set size 12');
  await chat.shows([...Array(5).fill(/./), 'assistant: size is now 12.']);
  await chat.send('/show');
  await chat.shows([...Array(7).fill(/./), /^assistant: (- )?colour: dark blue (- )?size: 12$/]);
  await chat.send('hello');
  await chat.shows([...Array(9).fill(/./), /Try .?\/set colour blue.? or .?\/show.?\./]);
});
