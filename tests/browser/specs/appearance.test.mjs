import assert from 'node:assert/strict';

import { barriers } from '../harness/axe.mjs';
import { withOurUi } from '../harness/scenario.mjs';

const RICH = [
  '# A heading',
  'Some **bold** and `code`, a [link](https://example.org/) and a word that is far too long: ' + 'x'.repeat(200),
  '| a | b | c |\n|---|---|---|\n| ' + 'wide '.repeat(30) + '| 2 | 3 |',
  '```rust\nfn main() { println!("' + 'long '.repeat(40) + '"); }\n```',
  '1. one\n2. two\n\n> quoted',
].join('\n\n');

async function converse(chat) {
  await chat.shows([/./]);
  await chat.send(RICH);
  await chat.shows([/./, /^user: /, /^assistant: You said: /]);
  await chat.idle();
}

withOurUi('hello', 'light and dark can be chosen, and a reload keeps the choice', async ({ chat }) => {
  for (const name of ['Light', 'Dark', 'Light']) {
    await chat.chooseTheme(name);
    await chat.page.reload();
    await chat.ready();
    await chat.appears(name);
  }
});

for (const theme of ['Light', 'Dark']) {
  withOurUi('hello', `no barrier that axe knows, ${theme}`, async ({ chat }) => {
    await chat.shows([/./]);
    await chat.idle();
    await chat.chooseTheme(theme);
    await chat.picture(`start-${theme.toLowerCase()}`);
    assert.deepEqual(await barriers(chat.page), [], 'on the start page');
    await converse(chat);
    await chat.picture(`conversation-${theme.toLowerCase()}`);
    assert.deepEqual(await barriers(chat.page), [], 'in a conversation');
    await chat.page.locator('#new-chat-button').click();
    await chat.page.locator('#new-chat-dialog').waitFor();
    assert.deepEqual(await barriers(chat.page), [], 'in a dialog');
  });
}

withOurUi(
  'hello',
  'nothing makes a narrow page scroll sideways',
  async ({ chat }) => {
    const sideways = () => chat.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok((await sideways()) <= 0, 'the start page fits');
    await converse(chat);
    assert.ok((await sideways()) <= 0, 'the conversation fits');
    const outside = await chat.steps.evaluateAll((steps) =>
      steps.filter((step) => step.getBoundingClientRect().right > window.innerWidth).map((step) => step.className),
    );
    assert.deepEqual(outside, [], 'no message is wider than the page');
    await chat.picture('narrow');
  },
  { visit: { viewport: { width: 360, height: 740 } } },
);
