import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const starter = (chat, label) => chat.page.locator(`#starter-${label}`);

/** Opens the list of profiles, and waits for the one with that name. */
async function lookAt(chat, name) {
  await chat.page.locator('#chat-profiles').click();
  const option = chat.page.locator(`[data-test="select-item:${name}"]`);
  await option.waitFor();
  return option;
}

withEachFrontend('profiles', 'a profile is chosen, has its own ways to begin and answers', async ({ chat }) => {
  const option = await lookAt(chat, 'poet');
  await option.hover();
  await chat.page.locator('#chat-profile-description').getByText('Answers in').first().waitFor();
  await chat.picture('profiles');
  await option.click();
  await starter(chat, 'spring').waitFor();
  await chat.picture('profiles-poet');
  await starter(chat, 'spring').click();
  await chat.shows(['user: A poem about spring, please.', 'assistant: O A poem about spring, please.! How could I forget thee?']);
});

withEachFrontend('profiles', 'starters stand in categories', async ({ chat }) => {
  const plans = chat.page.getByRole('button', { name: 'Plans' });
  await plans.waitFor();
  await plans.click();
  await starter(chat, 'a-trip').waitFor();
  await chat.picture('starters-category');
  await starter(chat, 'a-week').click();
  await chat.shows(['user: Plan my week.', 'assistant: You said: Plan my week.']);
});

withEachFrontend('profiles', 'another profile is another chat, after a question', async ({ chat }) => {
  await chat.send('hello');
  await chat.shows(['user: hello', 'assistant: You said: hello']);
  await chat.idle();
  await (await lookAt(chat, 'poet')).click();
  await chat.page.locator('#new-chat-dialog').waitFor();
  await chat.page.locator('#new-chat-dialog #confirm').click();
  await starter(chat, 'spring').waitFor();
  assert.deepEqual(await chat.transcript(), []);
  await chat.send('hello');
  await chat.shows(['user: hello', 'assistant: O hello! How could I forget thee?']);
});

withOurUi('profiles', 'the profile stays through a reload and is kept for the next chat', async ({ chat }) => {
  await (await lookAt(chat, 'poet')).click();
  await starter(chat, 'spring').waitFor();
  await chat.send('one');
  await chat.shows(['user: one', /^assistant: O one!/]);
  await chat.page.reload();
  await chat.shows(['user: one', /^assistant: O one!/]);
  const shown = () => chat.page.locator('#chat-profiles').innerText();
  assert.match(await shown(), /Poet/);
  await chat.newChat();
  await chat.send('two');
  await chat.shows(['user: two', /^assistant: O two!/]);
});

withOurUi('profiles', 'what a profile changes of the configuration is seen in the page', async ({ chat }) => {
  await chat.send('one');
  await chat.shows(['user: one', 'assistant: You said: one']);
  await chat.idle();
  assert.equal(await chat.page.locator('.edit-message').count(), 1);
  await (await lookAt(chat, 'poet')).click();
  await chat.page.locator('#new-chat-dialog #confirm').click();
  await until('the name is that of the profile', () => chat.page.title(), (title) => title === 'Poet');
  await chat.send('two');
  await chat.shows(['user: two', /^assistant: O two!/]);
  await chat.idle();
  assert.equal(await chat.page.locator('.edit-message').count(), 0, 'its messages are not edited');
});

withOurUi('profiles', 'a profile is chosen by keyboard alone', async ({ chat }) => {
  const { keyboard } = chat.page;
  await chat.page.locator('#chat-profiles').focus();
  await keyboard.press('Enter');
  await chat.page.locator('[data-test="select-item:poet"]').waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await starter(chat, 'spring').waitFor();
});

withOurUi('profiles', 'the pointer and the keys look at the same choice', async ({ chat }) => {
  const poet = await lookAt(chat, 'poet');
  const looked = () => chat.page.evaluate(() => document.activeElement?.dataset['test']);
  await until('the chosen one is looked at', looked, (name) => name === 'select-item:prose');
  await poet.hover();
  await until('the one below the pointer is', looked, (name) => name === 'select-item:poet');
  await chat.page.keyboard.press('ArrowUp');
  await until('the one above it is', looked, (name) => name === 'select-item:prose');
  await chat.page.locator('#chat-profile-description').getByText('plainly').waitFor();
});
