import assert from 'node:assert/strict';

import { barriers } from '../harness/axe.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const HINT = 'assistant: Open the settings and change something, then say hello.';
const HEADER_BUTTON = '#chat-settings-header-button';
const SIDEBAR = { '.chainlit/config.toml': '[UI]\nchat_settings_location = "sidebar"\n' };

const form = (chat) => chat.page.locator('#chat-settings');
const radio = (chat, label) => chat.page.getByRole('radio', { name: label });
const slider = (chat) => chat.page.getByRole('slider');

async function openForm(chat, button = '#chat-settings-open-modal') {
  await chat.page.locator(button).click();
  await radio(chat, 'Friendly').waitFor();
}

withEachFrontend('settings', 'what is confirmed holds from then on', async ({ chat }) => {
  await chat.shows([HINT]);
  await openForm(chat);
  await chat.picture('settings');
  await radio(chat, 'Strict and short').click();
  await slider(chat).press('ArrowRight');
  await chat.page.locator('#name').fill('Ada');
  await chat.page.locator('#confirm').click();
  await form(chat).waitFor({ state: 'hidden' });
  const told = 'assistant: From now on: Strict, 2 time(s).';
  await chat.shows([HINT, told]);
  await chat.send('hello');
  await chat.shows([HINT, told, 'user: hello', 'assistant: HELLO', 'assistant: HELLO']);
  await openForm(chat);
  assert.equal(await radio(chat, 'Strict and short').isChecked(), true);
  assert.equal(await slider(chat).getAttribute('aria-valuenow'), '2');
  assert.equal(await chat.page.locator('#name').inputValue(), 'Ada');
});

withEachFrontend('settings', 'what is not confirmed does not hold', async ({ chat }) => {
  await chat.shows([HINT]);
  await openForm(chat);
  await radio(chat, 'Strict and short').click();
  await form(chat).getByRole('button', { name: 'Cancel' }).click();
  await form(chat).waitFor({ state: 'hidden' });
  await chat.send('hello');
  await chat.shows([HINT, 'user: hello', 'assistant: hello!']);
  await openForm(chat);
  assert.equal(await radio(chat, 'Friendly').isChecked(), true);
});

withOurUi('settings', 'what was confirmed is still there after a reload', async ({ chat }) => {
  await chat.shows([HINT]);
  await openForm(chat);
  await slider(chat).press('End');
  await chat.page.locator('#confirm').click();
  const told = 'assistant: From now on: Friendly, 5 time(s).';
  await chat.shows([HINT, told]);
  await chat.page.reload();
  await chat.shows([HINT, told]);
  await openForm(chat);
  assert.equal(await slider(chat).getAttribute('aria-valuenow'), '5');
});

withOurUi('settings', 'the form is no barrier, in the dark or in the light, and explains itself', async ({ chat }) => {
  await chat.shows([HINT]);
  await openForm(chat);
  assert.deepEqual(await barriers(chat.page), []);
  await chat.page.getByRole('button', { name: 'About “Repetitions”' }).click();
  await form(chat).getByText('How often it is said').waitFor();
  await form(chat).getByText('How you want to be called').waitFor();
  await chat.page.keyboard.press('Escape');
  await form(chat).waitFor({ state: 'hidden' });
  await chat.page.locator('#theme-toggle').click();
  await chat.page.getByRole('menuitemradio', { name: 'Light' }).click();
  await openForm(chat);
  await chat.picture('settings-light');
  assert.deepEqual(await barriers(chat.page), []);
});

withEachFrontend(
  'settings',
  'the form stands beside the conversation where the application wants it there',
  async ({ chat }) => {
    await chat.shows([HINT]);
    await openForm(chat, HEADER_BUTTON);
    await chat.picture('settings-side');
    await radio(chat, 'Strict and short').click();
    await chat.page.locator('#confirm-sidebar').click();
    await until('it holds', () => chat.transcript(), (seen) => seen.includes('assistant: From now on: Strict, 1 time(s).'));
    await chat.send('hello');
    await until('it is heeded', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: HELLO');
  },
  { files: SIDEBAR },
);

withOurUi(
  'settings',
  'the form lies over a narrow page, and Escape puts it away',
  async ({ chat }) => {
    await chat.shows([HINT]);
    await openForm(chat, HEADER_BUTTON);
    await chat.picture('settings-narrow');
    const sideways = await chat.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(sideways <= 0, 'nothing scrolls sideways');
    await radio(chat, 'Friendly').focus();
    await chat.page.keyboard.press('Escape');
    await form(chat).waitFor({ state: 'hidden' });
    const focused = () => chat.page.evaluate(() => document.activeElement?.id);
    assert.equal(`#${await focused()}`, HEADER_BUTTON);
  },
  { files: SIDEBAR, visit: { viewport: { width: 390, height: 780 } } },
);

const FILL = 'assistant: Fill it in.';

async function openTabs(chat) {
  await chat.shows([FILL]);
  await chat.page.locator('#chat-settings-open-modal').click();
  await chat.page.getByRole('tab', { name: 'Basics' }).waitFor();
}

withEachFrontend('every_widget', 'the form grows while it is filled in', async ({ chat }) => {
  await openTabs(chat);
  await chat.page.locator('#prompt').waitFor();
  await chat.picture('settings-basics');
  await chat.page.locator('#more').click();
  await until('the new field', () => chat.page.locator('#extra').inputValue({ timeout: 500 }).catch(() => ''), (text) => text === 'there');
  for (const name of ['Lists', 'Days']) {
    await chat.page.getByRole('tab', { name }).click();
    await form(chat).getByText(name === 'Lists' ? 'Tags' : 'Trip').waitFor();
    await chat.picture(`settings-${name.toLowerCase()}`);
  }
  await chat.page.locator('#confirm').click();
  await until('all values are there', () => chat.transcript(), (seen) => /"more": ?true/.test(seen.at(-1)) && /"trip"/.test(seen.at(-1)));
});

withOurUi('every_widget', 'each widget gives its value, as the application gets it', async ({ chat }) => {
  const { page } = chat;
  await openTabs(chat);
  assert.deepEqual(await barriers(page), []);
  await page.locator('#tick').click();
  await page.locator('#heat [role=slider]').press('ArrowRight');
  await page.locator('#seed').fill('-1,5');
  await page.locator('#prompt').fill('Be brief\nand clear');
  await page.getByRole('tab', { name: 'Lists' }).click();
  assert.deepEqual(await barriers(page), []);
  await page.locator('#model').click();
  await page.getByRole('option', { name: 'large' }).click();
  await page.locator('#tools').click();
  await page.getByRole('option', { name: 'mail' }).click();
  await page.getByRole('option', { name: 'search' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: 'small' }).click();
  await page.locator('#tags').fill('b');
  await page.locator('#tags').press('Enter');
  await page.getByRole('button', { name: 'Remove “a”' }).click();
  await page.getByRole('tab', { name: 'Days' }).click();
  assert.deepEqual(await barriers(page), []);
  await page.locator('#due').fill('2026-02-03');
  await page.getByLabel('Last day').fill('2026-01-09');
  await page.locator('#confirm').click();
  const told = () => page.locator('.ai-message code').last().innerText({ timeout: 500 }).catch(() => '{}');
  const read = await until('all values are told', async () => JSON.parse(await told()), (values) => 'trip' in values);
  assert.deepEqual(read, {
    more: false,
    tick: true,
    heat: 0.8,
    seed: -1.5,
    prompt: 'Be brief\nand clear',
    model: 'large',
    tools: ['search', 'mail'],
    size: 'small',
    tags: ['b'],
    due: '2026-02-03',
    trip: ['2026-01-02', '2026-01-09'],
  });
});
