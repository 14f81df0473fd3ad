import assert from 'node:assert/strict';

import { withEachFrontend } from '../harness/scenario.mjs';

withEachFrontend('openai_history', 'shows what a model would be given', async ({ chat }) => {
  await chat.send('first');
  await chat.shows(['user: first', /"role": "user"/]);
  await chat.send('second');
  await chat.shows(['user: first', /"first"/, 'user: second', /"second"/]);
  const given = JSON.parse(await chat.answers.last().locator('code').last().innerText());
  assert.deepEqual(
    given.map(({ role }) => role),
    ['user', 'assistant', 'user'],
  );
  assert.equal(given[0].content, 'first');
  assert.equal(given[2].content, 'second');
  await chat.picture('openai_history');
});
