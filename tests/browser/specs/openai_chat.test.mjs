import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LocalModel, PlayedModel } from '../harness/model.mjs';
import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const played = () => PlayedModel.start((messages) => ['You ', 'are ', `at ${messages.length}`, '.']);

withEachFrontend(
  'openai_chat',
  'streams the model’s answer and tells it the whole conversation',
  async ({ chat, prepared: model }) => {
    await chat.send('first');
    await chat.shows(['user: first', 'assistant: You are at 1.']);
    await chat.send('second');
    await chat.shows([/./, /./, 'user: second', 'assistant: You are at 3.']);
    assert.deepEqual(model.asked.at(-1), [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'You are at 1.' },
      { role: 'user', content: 'second' },
    ]);
  },
  { prepare: played },
);

if (LocalModel.installed) {
  withEachFrontend(
    'openai_chat',
    'talks with a real model',
    async ({ chat }) => {
      await chat.send('Hello! Who are you?');
      await until('an answer', () => chat.transcript(), (seen) => /^assistant: \S.+/.test(seen[1] ?? ''), 30_000);
      await chat.idle(30_000);
      await chat.picture('openai_chat');
    },
    { prepare: () => LocalModel.start() },
  );
} else {
  test('openai_chat: talks with a real model', { skip: 'the model is missing; scripts/install-test-tools gets it' });
}
