import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

withEachFrontend('save_conversation', 'writes the conversation to a file when the chat ends', async ({ chat, server }) => {
  const folder = path.join(server.root, 'conversations');
  const saved = () => readdir(folder).catch(() => []);
  await chat.send('remember the milk');
  await chat.shows(['user: remember the milk', 'assistant: Noted: remember the milk']);
  await chat.idle();
  assert.deepEqual(await saved(), [], 'nothing is written while the chat goes on');
  await chat.newChat();
  await chat.shows([]);
  const [file] = await until('a saved conversation', saved, (files) => files.length > 0);
  const messages = await until(
    'the whole file',
    async () => JSON.parse(await readFile(path.join(folder, file), 'utf8').catch(() => '[]') || '[]'),
    (read) => read.length > 0,
  );
  assert.deepEqual(messages, [
    { role: 'user', content: 'remember the milk' },
    { role: 'assistant', content: 'Noted: remember the milk' },
  ]);
});
