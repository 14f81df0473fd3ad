import assert from 'node:assert/strict';

import { withEachFrontend } from '../harness/scenario.mjs';

withEachFrontend('history', 'lists everything said so far', async ({ chat }) => {
  await chat.send('first');
  await chat.shows(['user: first', /^assistant: So far you have said: (1\. )?first$/]);
  await chat.send('second');
  await chat.shows(['user: first', /first$/, 'user: second', /first (2\. )?second$/]);
  const items = await chat.answers.last().locator('ol li').allInnerTexts();
  assert.deepEqual(
    items.map((item) => item.trim()),
    ['first', 'second'],
  );
});
