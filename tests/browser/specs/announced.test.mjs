// What a screen reader says while one waits: each finished message once, and nothing else of the conversation.

import assert from 'node:assert/strict';

import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

/** Runs in the page: notes each text that comes into a polite live region, as a screen reader would say it. */
function listen() {
  window.announced = [];
  const note = (records) => {
    for (const { target, addedNodes } of records) {
      const region = target instanceof Element ? target.closest('[aria-live]') : null;
      if (region?.getAttribute('aria-live') !== 'polite') continue;
      for (const node of addedNodes) if (node.textContent.trim() !== '') window.announced.push(node.textContent.trim());
    }
  };
  new MutationObserver(note).observe(document, { childList: true, subtree: true });
}

const arrive = async (chat) => {
  await chat.page.addInitScript(listen);
  await chat.open();
};
const announced = (chat) => chat.page.evaluate(() => window.announced);
const said = async (chat) => (await announced(chat)).filter((text) => / said: /.test(text));

withOurUi(
  'author_rename',
  'all of several messages are announced, each once, and notices',
  async ({ chat }) => {
    await chat.send('short');
    const wanted = ['Ada Lovelace said: You wrote 1 words.', 'The Critic said: That is too short.'];
    await until('both are announced', () => said(chat), (texts) => texts.length >= wanted.length);
    assert.deepEqual(await said(chat), wanted);
    await until('the notice, too', () => announced(chat), (texts) => texts.some((text) => text.includes('at least three words')));
  },
  { arrive },
);

withOurUi(
  'streaming',
  'a streamed answer is announced when it is finished',
  async ({ chat }) => {
    const greeting = 'Assistant said: Hello! I repeat what you write, one word at a time.';
    await until('the greeting', () => said(chat), (texts) => texts.length > 0);
    await chat.send('one two three');
    await chat.idle();
    await until('the answer', () => said(chat), (texts) => texts.length > 1);
    assert.deepEqual(await said(chat), [greeting, 'Assistant said: one two three']);
  },
  { arrive },
);

withOurUi(
  'steps',
  'what tools give is not announced',
  async ({ chat }) => {
    await chat.shows([/./]);
    await chat.send('What is a handler?');
    await until('the answer', () => said(chat), (texts) => texts.length > 1);
    assert.deepEqual(await said(chat), [
      'Assistant said: Ask me about handlers, steps or sessions.',
      'Assistant said: A handler is an async function with an attribute.',
    ]);
    const log = chat.page.getByRole('log');
    assert.equal(await log.getAttribute('aria-live'), 'off', 'the conversation itself says nothing token by token');
    await log.getByRole('article', { name: 'Assistant' }).first().waitFor();
  },
  { arrive },
);
