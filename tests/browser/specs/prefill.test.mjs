// A link to the page can bring the text of a message.

import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const GREETING = 'assistant: Hello! Write something and I will repeat it.';
const TEXT = 'What & why? <b>1+1</b>';
const at = (chat, query) => chat.page.goto(`${chat.url}/?${query}`).then(() => chat.ready());
const holds = (chat, wanted) => until(`the field holds “${wanted}”`, () => chat.input.inputValue(), (text) => text === wanted);

withEachFrontend(
  'hello',
  'the text of the address is filled in, and waits to be sent',
  async ({ chat }) => {
    await holds(chat, TEXT);
    await chat.shows([GREETING]);
    await chat.input.press('Enter');
    await chat.shows([GREETING, /^user: What & why\? /, /^assistant: You said: What & why\? /]);
  },
  { arrive: (chat) => at(chat, `prompt=${encodeURIComponent(TEXT)}`) },
);

withOurUi(
  'hello',
  'the text of the address is used once, and the rest of the address stays',
  async ({ chat }) => {
    await holds(chat, 'once');
    assert.equal(new URL(chat.page.url()).search, '?from=mail');
    await chat.shows([GREETING]);
    await chat.send('something else');
    await chat.page.reload();
    await chat.ready();
    await chat.shows([GREETING, 'user: something else', /./]);
    assert.equal(await chat.input.inputValue(), '');
  },
  { arrive: (chat) => at(chat, 'from=mail&prompt=once') },
);

withOurUi('hello', 'the text of the address takes the place of no draft', async ({ chat }) => {
  await chat.shows([GREETING]);
  await chat.input.fill('my draft');
  await at(chat, 'prompt=theirs');
  await holds(chat, 'my draft');
});
