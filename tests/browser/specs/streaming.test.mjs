import assert from 'node:assert/strict';

import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const GREETING = 'assistant: Hello! I repeat what you write, one word at a time.';

withEachFrontend('streaming', 'shows an answer while it is being written', async ({ chat }) => {
  await chat.shows([GREETING]);
  const words = Array.from({ length: 60 }, (_, n) => `w${n}`).join(' ');
  await chat.send(words);
  const seen = new Set();
  await until(
    'the whole answer',
    async () => {
      const answer = (await chat.transcript())[2] ?? 'assistant: ';
      seen.add(answer);
      return answer;
    },
    (answer) => answer === `assistant: ${words}`,
  );
  for (const state of seen) {
    assert.ok(`assistant: ${words}`.startsWith(state), `each state begins the answer, this does not: ${state}`);
  }
  assert.ok(seen.size > 4, `the answer grew on the screen, in ${seen.size} states`);
  await chat.idle();
});
