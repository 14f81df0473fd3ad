// What is shown beside the conversation, or on a page of its own.

import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const side = (chat, pattern) =>
  until(`${pattern} is beside`, () => chat.sideContent.innerText({ timeout: 1_000 }).catch(() => ''), (text) => pattern.test(text));

withEachFrontend('elements', 'a name in the text opens what it names', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  await chat.send('code');
  await chat.shows([/^assistant: /, 'user: code', /^assistant: All of this is in elements\.rs\.$/i]);
  await chat.elementLinks.first().click();
  await side(chat, /Write the name of an element/);
  assert.match(await chat.sideTitle.innerText(), /elements\.rs/);
  await chat.picture('side-view');
});

withOurUi('show', 'links lead beside the conversation or to a page of their own', async ({ chat }) => {
  await chat.send('links');
  await chat.elementLinks.filter({ hasText: 'margin note' }).click();
  await side(chat, /Beside the conversation\./);
  await chat.elementLinks.filter({ hasText: 'whole letter' }).click();
  const view = chat.page.locator('#element-view');
  await until('the letter is open', () => view.innerText(), (text) => text.includes('On its own page.'));
  const address = chat.page.url();
  assert.match(address, /\/element\//);
  await chat.page.goBack();
  await view.waitFor({ state: 'detached' });
  await chat.page.goForward();
  await until('it is open again', () => view.innerText(), (text) => text.includes('On its own page.'));
  await chat.picture('element-page');
});

withEachFrontend('show', 'the bar shows what it is told until it is emptied', async ({ chat }) => {
  await chat.send('bar');
  await side(chat, /The first book\./);
  await chat.send('other bar');
  await side(chat, /The third book\./);
  await chat.send('title');
  await until('it has a title', () => chat.sideTitle.innerText(), (title) => title.trim() === 'Shelf');
  await side(chat, /The third book\./);
  await chat.picture('side-bar');
  await chat.send('empty bar');
  await chat.sideContent.waitFor({ state: 'detached' });
});

// Chainlit’s page does not keep to what is said of keys.
withOurUi('show', 'the bar changes once per key, whatever its title', async ({ chat }) => {
  await chat.send('bar');
  await chat.send('title');
  await chat.send('bar again');
  await until('it was told', () => chat.transcript(), (seen) => seen.length === 6);
  await side(chat, /The first book\./);
});

withOurUi('show', 'a reloaded page has the bar again, and a closed one stays closed', async ({ chat }) => {
  await chat.send('bar');
  await chat.send('title');
  await side(chat, /The first book\./);
  await until('it has a title', () => chat.sideTitle.innerText(), (title) => title.trim() === 'Shelf');
  await chat.page.reload();
  await side(chat, /The first book\./);
  assert.equal((await chat.sideTitle.innerText()).trim(), 'Shelf');
  await chat.ready();
  await chat.send('empty bar');
  await chat.sideContent.waitFor({ state: 'detached' });
  await chat.page.reload();
  await until('the conversation is back', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: The bar is empty.');
  assert.equal(await chat.sideContent.count(), 0);
});

withOurUi(
  'show',
  'on a telephone it covers the conversation until it is closed, and a link opens it',
  async ({ chat }) => {
    await chat.send('bar');
    await side(chat, /The first book\./);
    await chat.page.keyboard.press('Escape');
    await chat.sideContent.waitFor({ state: 'detached' });
    await chat.send('links');
    await chat.elementLinks.filter({ hasText: 'margin note' }).waitFor();
    assert.equal(await chat.sideContent.count(), 0, 'it waits until somebody wants to see it');
    await chat.elementLinks.filter({ hasText: 'margin note' }).click();
    await side(chat, /Beside the conversation\./);
    await chat.picture('side-view-telephone');
  },
  { visit: { viewport: { width: 390, height: 800 } } },
);
