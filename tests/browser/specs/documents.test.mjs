import { withEachFrontend } from '../harness/scenario.mjs';

const GREETING = /^assistant: Add a document with \W*\/add some text\W*, then ask with any words\.$/;

withEachFrontend('documents', 'finds what the user added and nobody else’s', async ({ chat, another }) => {
  await chat.shows([GREETING]);
  await chat.send('/add Cats sleep all day');
  await chat.shows([GREETING, 'user: /add Cats sleep all day', 'assistant: Document 1 added, 4 words indexed.']);
  await chat.send('/add Dogs sleep at night');
  await chat.shows([GREETING, /./, /./, /./, 'assistant: Document 2 added, 4 words indexed.']);
  await chat.send('who does sleep at night');
  await chat.shows([
    GREETING,
    ...Array(4).fill(/./),
    'user: who does sleep at night',
    /^assistant: (- )?Document 2: Dogs sleep at night (- )?Document 1: Cats sleep all day$/,
  ]);
  const other = await another();
  await other.shows([GREETING]);
  await other.send('sleep');
  await other.shows([GREETING, 'user: sleep', 'assistant: No document has these words.']);
});
