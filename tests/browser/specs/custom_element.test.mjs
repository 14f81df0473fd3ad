// Components of the application in the page: what they can do, and what they can not do to it.

import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const counts = (chat, number) =>
  until(`the count is ${number}`, () => chat.page.locator('.inline-custom #count').innerText(), (text) => text === String(number));

withEachFrontend('custom_element', 'it changes its props, calls a function of the program, and goes', async ({ chat }) => {
  await chat.send('go');
  await counts(chat, 0);
  const button = (id) => chat.page.locator(`.inline-custom #${id}`);
  for (const number of [1, 2, 3]) {
    await button('increment').click();
    await counts(chat, number);
  }
  await button('double').click();
  await counts(chat, 6);
  await chat.picture('custom-element');
  await chat.send('total');
  await chat.shows(['user: go', /^assistant: Count with me\./, 'user: total', 'assistant: You have counted to 6.']);
  await button('done').click();
  await chat.page.locator('.inline-custom #count').waitFor({ state: 'detached' });
  await chat.send('total');
  await chat.shows([/go/, /Count/, /total/, /6/, 'user: total', 'assistant: There is no counter.']);
});

withOurUi('custom_element', 'a reloaded page shows it as it was', async ({ chat }) => {
  await chat.send('go');
  await counts(chat, 0);
  await chat.page.locator('#increment').click();
  await counts(chat, 1);
  await chat.page.reload();
  await chat.ready();
  await counts(chat, 1);
  await chat.page.locator('#double').click();
  await counts(chat, 2);
});

const components = {
  'public/elements/Shows.jsx': `export default function Shows() { return <p id="shown">{props.text}</p> }`,
  'public/elements/Throws.jsx': `export default function Throws() { throw new Error('The component is ill.') }`,
  'public/elements/NoCode.jsx': `export default function NoCode() { return <p>`,
  'public/elements/Speaks.jsx': `export default function Speaks() {
    return <button id="speak" onClick={() => sendUserMessage('a word')}>Speak</button>
  }`,
};

withOurUi(
  'show',
  'it speaks for the user',
  async ({ chat }) => {
    await chat.send('speaks');
    await chat.page.locator('#speak').click();
    await chat.shows(['user: speaks', /^assistant: It speaks\./, 'user: a word', 'assistant: You said "a word".']);
  },
  { files: components },
);

withOurUi(
  'show',
  'what it is given is text to the page',
  async ({ chat }) => {
    const hostile = '<img src=x onerror="document.title=\'taken over\'">';
    await chat.send('hostile');
    await until('the component shows it', () => chat.page.locator('#shown').innerText(), (text) => text === hostile);
    await until('the text shows it', () => chat.page.locator('.inline-text').innerText(), (text) => text.includes(hostile));
    assert.ok((await chat.page.locator('.inline-file').innerText()).includes(hostile));
    assert.notEqual(await chat.page.title(), 'taken over');
    assert.equal(await chat.page.locator('img[src=x]').count(), 0);
    await chat.picture('custom-hostile');
  },
  { files: components },
);

withOurUi(
  'show',
  'a broken one says what is wrong, and the page goes on',
  async ({ chat, expect }) => {
    expect(/Nowhere\.jsx/, /The component is ill/);
    await chat.send('broken');
    const broken = chat.page.locator('.custom-broken');
    await until('three are broken', () => broken.allInnerTexts(), (texts) => texts.length === 3);
    const [throws, noCode, nowhere] = await broken.allInnerTexts();
    assert.match(throws, /Throws[\s\S]*The component is ill\./);
    assert.match(noCode, /NoCode/);
    assert.match(nowhere, /Nowhere/);
    await chat.picture('custom-broken');
    await chat.send('still there?');
    await chat.shows(['user: broken', /Broken ones\./, 'user: still there?', 'assistant: You said "still there?".']);
  },
  { files: components },
);
