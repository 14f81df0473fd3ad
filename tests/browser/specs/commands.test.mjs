import assert from 'node:assert/strict';

import { barriers } from '../harness/axe.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { Composer } from '../pages/composer.mjs';

const MODE = '#mode-picker-trigger-order';

withEachFrontend('commands', 'a command with a button goes with one message', async ({ chat }) => {
  const button = chat.page.locator('#command-count');
  await button.waitFor();
  await button.click();
  await chat.picture('commands-chosen');
  await chat.send('four');
  await chat.shows([/^user: (count )?four$/, 'assistant: 4 letters']);
  await chat.idle();
  await chat.send('five');
  await chat.shows([/./, /./, 'user: five', 'assistant: five']);
});

withEachFrontend('commands', 'a persistent command of the list stays chosen', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.page.locator('#command-button').click();
  await chat.page.locator('#command-popover').waitFor();
  await chat.picture('commands-list');
  await chat.page.locator('#command-popover').getByText('Say it louder').click();
  for (const [at, text] of ['one', 'two'].entries()) {
    await chat.send(text);
    const loud = `assistant: ${text.toUpperCase()}`;
    await until(`${loud}`, () => chat.transcript(), (seen) => seen.length === 2 * at + 2 && seen.at(-1) === loud);
    await chat.idle();
  }
  if (!composer.ours) return;
  await chat.page.locator('#command-shout').click();
  await chat.send('three');
  await until('it is quiet again', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: three');
});

withEachFrontend('commands', 'a command is chosen by a slash and a few letters', async ({ chat }) => {
  await chat.page.locator('#command-button').waitFor();
  await chat.input.pressSequentially('/sh');
  await until('one fits', () => chat.page.locator('.command-item').allInnerTexts(), (all) => all.length === 1 && all[0].includes('shout'));
  await chat.picture('commands-slash');
  await chat.input.press('Enter');
  await until('the slash is gone', () => chat.input.inputValue(), (text) => text === '');
  await chat.send('hey');
  await chat.shows([/^user: (shout )?hey$/, 'assistant: HEY']);
});

withEachFrontend('commands', 'a mode is chosen and goes with every message', async ({ chat }) => {
  await until('the default is shown', () => chat.page.locator(MODE).innerText(), (text) => text.includes('As it is'));
  await chat.send('abc');
  await chat.shows(['user: abc', 'assistant: abc']);
  await chat.idle();
  await chat.page.locator(MODE).click();
  await chat.page.locator('#mode-picker-popover-order').getByText('Reversed').waitFor();
  await chat.picture('modes');
  await chat.page.locator('#mode-picker-popover-order').getByText('Reversed').click();
  for (const text of ['abc', 'xyz']) {
    await chat.send(text);
    const turned = `assistant: ${[...text].reverse().join('')}`;
    await until(turned, () => chat.transcript(), (seen) => seen.at(-1) === turned);
    await chat.idle();
  }
});

withOurUi('commands', 'what is offered comes back after a reload, and nothing of it is a barrier', async ({ chat }) => {
  await chat.page.locator('#command-button').waitFor();
  assert.deepEqual(await barriers(chat.page), []);
  await chat.page.reload();
  await chat.page.locator('#command-count').waitFor();
  await chat.page.locator(MODE).click();
  assert.deepEqual(await barriers(chat.page), [], 'with an open list');
  await chat.page.keyboard.press('ArrowDown');
  await chat.page.keyboard.press('Enter');
  await chat.send('abc');
  await chat.shows(['user: abc', 'assistant: cba']);
});
