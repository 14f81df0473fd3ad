// Stored conversations: the list of them, their addresses, what can be done with them, and their links.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { barriers, nameless } from '../harness/axe.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { Chat } from '../pages/chat.mjs';
import { login, prepare, refused, Threads } from '../pages/threads.mjs';

const files = { '.chainlit/config.toml': '[features]\nallow_thread_sharing = true\nfavorites = true\n' };
const options = { prepare, files, arrive: login };
const said = (text) => [`user: ${text}`, `assistant: You said ${text}.`];

withEachFrontend('threads', 'a conversation gets an address, and is gone on with from the list', async ({ chat, expect }) => {
  expect(refused);
  const threads = new Threads(chat);
  await chat.send('apples');
  await chat.shows(said('apples'));
  const first = await threads.address();
  await chat.newChat();
  await chat.ready();
  await chat.send('pears');
  await chat.shows(said('pears'));
  assert.notEqual(await threads.address(), first);
  await threads.shows(['pears', 'apples']);
  await threads.open('apples');
  await chat.shows(said('apples'));
  assert.equal(new URL(chat.page.url()).pathname, first);
  await chat.ready();
  await chat.send('plums');
  await chat.shows([...said('apples'), ...said('plums')]);
  await chat.page.reload();
  await chat.ready();
  await chat.shows([...said('apples'), ...said('plums')]);
}, options);

withEachFrontend('threads', 'a conversation is deleted after a question', async ({ chat, expect }) => {
  expect(refused);
  const threads = new Threads(chat);
  await chat.send('apples');
  await chat.shows(said('apples'));
  await chat.newChat();
  await chat.ready();
  await chat.send('pears');
  await chat.shows(said('pears'));
  await threads.shows(['pears', 'apples']);
  await threads.options('apples');
  await chat.page.locator('#delete-thread').click();
  const dialog = chat.page.locator('[role=alertdialog], [role=dialog], dialog[open]');
  await dialog.getByRole('button', { name: /delete|confirm/i }).click();
  await threads.shows(['pears']);
  await chat.shows(said('pears'));
}, options);

withEachFrontend('threads', 'what one thinks of an answer is there again, and can be changed', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('apples');
  await chat.shows(said('apples'));
  await page.locator('.positive-feedback-off').click();
  await page.locator('.positive-feedback-on, #submit-feedback').first().waitFor();
  if (await page.locator('#submit-feedback').isVisible()) {
    await page.getByRole('dialog').locator('textarea').fill('So true.');
    await page.locator('#submit-feedback').click();
  }
  await page.locator('.positive-feedback-on').waitFor();
  await page.reload();
  await chat.ready();
  await chat.shows(said('apples'));
  await page.locator('.positive-feedback-on').waitFor();
}, options);

withOurUi('threads', 'a feedback is taken back, and its comment is edited', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('apples');
  await chat.shows(said('apples'));
  await page.locator('.negative-feedback-off').click();
  await page.locator('.feedback-comment').fill('No.');
  await page.locator('#submit-feedback').click();
  await page.locator('.negative-feedback-on').waitFor();
  await chat.newChat();
  await chat.ready();
  await new Threads(chat).open('apples');
  await chat.shows(said('apples'));
  await page.getByRole('button', { name: 'Edit feedback' }).or(page.locator('.negative-feedback-on + button')).first().click();
  assert.equal(await page.locator('.feedback-comment').inputValue(), 'No.');
  await page.keyboard.press('Escape');
  await page.locator('.negative-feedback-on').click();
  await page.locator('.negative-feedback-off').waitFor();
  await page.reload();
  await chat.shows(said('apples'));
  await page.locator('.negative-feedback-off').waitFor();
}, options);

withOurUi('threads', 'the browser’s buttons go through the conversations', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('apples');
  await chat.shows(said('apples'));
  await chat.newChat();
  await chat.ready();
  await chat.send('pears');
  await chat.shows(said('pears'));
  await page.goBack();
  await chat.shows(said('apples'));
  await page.goForward();
  await chat.shows(said('pears'));
  await page.goto(chat.url);
  await chat.ready();
  await chat.shows([]);
}, options);

withOurUi('threads', 'renamed, put into the archive, found and taken out again', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  const threads = new Threads(chat);
  await chat.send('apples');
  await chat.shows(said('apples'));
  await chat.newChat();
  await chat.ready();
  await chat.send('pears');
  await chat.shows(said('pears'));

  // With the keyboard alone.
  await page.locator('#search-chats').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F2');
  await page.keyboard.type('Red fruit');
  await page.keyboard.press('Enter');
  await threads.has(['pears', 'Red fruit']);
  await until('the focus is back', () => page.evaluate(() => document.activeElement.textContent), (text) => text === 'Red fruit');
  await page.keyboard.press('F2');
  await page.keyboard.type('Never');
  await page.keyboard.press('Escape');
  await threads.has(['pears', 'Red fruit']);

  await page.locator('#search-chats').fill('apples');
  await threads.shows(['Red fruit']);
  await page.locator('#search-chats').fill('');
  await threads.has(['pears', 'Red fruit']);

  await threads.options('Red fruit');
  await page.locator('#archive-thread').click();
  await threads.shows(['pears']);
  await page.locator('#archive-button').click();
  await threads.shows(['Red fruit']);
  await threads.options('Red fruit');
  await page.locator('#archive-thread').click();
  await threads.shows([]);
  await page.locator('#archive-button').click();
  await threads.has(['pears', 'Red fruit']);
  await page.reload();
  await threads.has(['pears', 'Red fruit']);

  await threads.row('pears').locator('a').focus();
  await page.keyboard.press('Delete');
  await page.locator('#delete-thread-dialog #confirm').click();
  await threads.shows(['Red fruit']);
  await chat.shows([]);
  await until('the start page has its own address', () => new URL(page.url()).pathname, (path) => path === '/');
}, options);

withOurUi('threads', 'two tabs stay in step', async ({ chat, expect }) => {
  expect(refused);
  const threads = new Threads(chat);
  await chat.send('apples');
  await chat.shows(said('apples'));
  const other = new Chat(await chat.page.context().newPage(), chat);
  await other.open();
  const others = new Threads(other);
  await others.shows(['apples']);
  await other.send('pears');
  await other.shows(said('pears'));
  await threads.shows(['pears', 'apples']);
  await others.row('apples').locator('a').focus();
  await other.page.keyboard.press('F2');
  await other.page.keyboard.type('Red fruit');
  await other.page.keyboard.press('Enter');
  await threads.shows(['pears', 'Red fruit']);
  await others.row('Red fruit').locator('a').focus();
  await other.page.keyboard.press('Delete');
  await other.page.locator('#delete-thread-dialog #confirm').click();
  await threads.shows(['pears']);
  await chat.shows([]);
  await chat.page.getByText('deleted in another tab').waitFor();
}, options);

withOurUi('threads', 'an answer goes on while another conversation is looked at', async ({ chat, expect }) => {
  expect(refused);
  const threads = new Threads(chat);
  await chat.send('apples');
  await chat.shows(said('apples'));
  await chat.newChat();
  await chat.ready();
  await chat.send('hold');
  await chat.shows(['user: hold', 'assistant: Still thinking']);
  await threads.open('apples');
  await chat.shows(said('apples'));
  await threads.open('hold');
  await chat.shows(['user: hold', 'assistant: Still thinking']);
  await chat.stopButton.waitFor();
  await chat.stop();
  await chat.idle();
}, options);

withOurUi('threads', 'earlier steps come when one goes up to them, and the place is kept', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('many 260');
  await until('all is said', () => chat.answers.last().innerText(), (text) => text.includes('Answer 260.'));
  await chat.newChat();
  await chat.ready();
  await new Threads(chat).open('many 260');
  await until('the end is there', () => chat.answers.last().innerText().catch(() => ''), (text) => text.includes('Answer 260.'));
  let letGo = () => {};
  const held = new Promise((resolve) => (letGo = resolve));
  let asked = 0;
  await page.route('**/steps?**', async (route) => {
    asked += 1;
    await held;
    await route.continue();
  });
  const main = page.locator('main');
  const goUp = () => main.evaluate((element) => (element.scrollTop = Math.max(0, element.scrollTop - 800)));
  await until('what stands before is asked for', async () => (await goUp(), asked), Boolean, 30_000);
  await main.evaluate((element) => (element.scrollTop = 40));
  const head = await chat.steps.first().getAttribute('id');
  const before = await secondSeen(page);
  letGo();
  await until('earlier rows are there', () => chat.steps.first().getAttribute('id'), (id) => id !== head);
  const top = await page.locator(`#${before.id}`).evaluate((step) => step.getBoundingClientRect().top);
  assert.ok(Math.abs(top - before.top) < 3, `the place is kept: ${before.top}, then ${top}`);
  await until('the beginning is there', async () => (await goUp(), chat.steps.first().innerText()), (text) => text.includes('many 260'), 30_000);
  assert.ok(asked > 1, 'page by page');
}, { ...options, files: { '.chainlit/config.toml': '[limits]\nthread_page_steps = 100\n' } });

/** A message that is seen, and where; the first one loses the author's name to those that come before it. */
const secondSeen = (page) =>
  page.evaluate(() => {
    const { top } = document.querySelector('main').getBoundingClientRect();
    const [, step] = [...document.querySelectorAll('.step')].filter((one) => one.getBoundingClientRect().bottom > top);
    return { id: step.id, top: step.getBoundingClientRect().top };
  });

withOurUi('threads', 'is only shown where it can’t be gone on with', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('apples');
  await chat.shows(said('apples'));
  await chat.page.reload();
  await chat.ready();
  await chat.shows(said('apples'));
  await chat.newChat();
  await chat.ready();
  await new Threads(chat).open('apples');
  await chat.shows(said('apples'));
  await page.locator('.view-note').waitFor();
  assert.equal(await chat.input.count(), 0);
  assert.equal(await page.locator('.edit-message').count(), 0);
  assert.deepEqual(await barriers(page), []);
  await page.locator('.view-note button').click();
  await chat.ready();
  await chat.shows([]);
}, { ...options, prepare: async () => ({ ...(await prepare()), env: { ...(await prepare()).env, VIEW_ONLY: '1' } }) });

withOurUi('threads', 'a link shows a conversation to anybody, until it is closed', async ({ chat, server, another, expect }) => {
  expect(refused, /status of 404/);
  const { page } = chat;
  const threads = new Threads(chat);
  await chat.send('apples');
  await chat.shows(said('apples'));
  const path = (await threads.address()).replace('thread', 'share');
  const stranger = new Chat(await (await page.context().browser().newContext({ locale: 'en-US' })).newPage(), chat);
  await stranger.page.goto(server.url + path);
  await stranger.page.getByRole('alert').waitFor();

  await threads.options('apples');
  await page.locator('#share-thread').click();
  await page.locator('#create-share-link').click();
  assert.equal(await page.locator('#share-link').inputValue(), server.url + path);
  assert.deepEqual(await barriers(page), []);
  await stranger.page.reload();
  await stranger.shows(said('apples'));
  assert.equal(await stranger.input.count(), 0);
  assert.deepEqual(await barriers(stranger.page), []);

  await page.locator('#revoke-share-link').click();
  await page.locator('#create-share-link').waitFor();
  await stranger.page.reload();
  await stranger.page.getByRole('alert').waitFor();
  await stranger.page.context().close();
  // Somebody else who has logged in may read neither.
  const bob = await another();
  await bob.page.context().clearCookies();
  await login(bob, 'bob');
  await bob.page.goto(server.url + (await threads.address()));
  await bob.ready();
  await bob.shows([]);
}, options);

withOurUi('threads', 'a conversation is saved as a file', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  const threads = new Threads(chat);
  await chat.send('apples');
  await chat.shows(said('apples'));
  for (const [format, ending] of [['JSON', 'json'], ['Markdown', 'md'], ['HTML', 'html']]) {
    await threads.options('apples');
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: format }).click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), `apples.${ending}`);
    assert.match(await readFile(await download.path(), 'utf8'), /You said \S*apples/);
  }
}, options);

withOurUi('threads', 'whoever is not known any more logs in again, and goes on', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('apples');
  await chat.shows(said('apples'));
  await page.context().clearCookies();
  await new Threads(chat).row('apples').locator('a').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Red fruit');
  await page.keyboard.press('Enter');
  await page.locator('#email').fill('ada');
  await page.locator('#password').fill('pw-ada');
  await page.locator('button[type=submit]').click();
  await chat.ready();
  await chat.shows(said('apples'));
}, options);

withOurUi('threads', 'who signs out leaves nothing to who comes next', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('apples');
  await chat.shows(said('apples'));
  await page.locator('#user-nav-button').click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.locator('#email').waitFor();
  await login(chat, 'bob');
  await chat.shows([]);
  await new Threads(chat).shows([]);
  await chat.send('pears');
  await new Threads(chat).shows(['pears']);
  // A login that ended by itself left the session behind.
  await page.context().clearCookies();
  await login(chat, 'ada');
  await chat.send('plums');
  await chat.shows(said('plums'));
  await new Threads(chat).has(['plums', 'apples']);
}, options);

withOurUi('threads', 'a message is kept among the favourites and used again', async ({ chat, expect }) => {
  expect(refused);
  const { page } = chat;
  await chat.send('apples');
  await chat.shows(said('apples'));
  await page.locator('.favorite-message').click();
  await page.locator('.favorite-message[aria-pressed="true"]').waitFor();
  await chat.newChat();
  await chat.ready();
  await page.locator('#favorites-button').click();
  await page.locator('.favorite').click();
  assert.equal(await chat.input.inputValue(), 'apples');
  await new Threads(chat).open('apples');
  await page.locator('.favorite-message[aria-pressed="true"]').click();
  await page.locator('.favorite-message[aria-pressed="false"]').waitFor();
  await page.reload();
  await chat.shows(said('apples'));
  await page.locator('.favorite-message[aria-pressed="false"]').waitFor();
}, options);

for (const colorScheme of ['light', 'dark']) {
  withOurUi('threads', `the list has no barriers, ${colorScheme}`, async ({ chat, expect }) => {
    expect(refused);
    const { page } = chat;
    const threads = new Threads(chat);
    await chat.send('apples');
    await chat.shows(said('apples'));
    assert.deepEqual(await barriers(page), []);
    await threads.options('apples');
    assert.deepEqual([await barriers(page), await nameless(page)], [[], []]);
    await chat.picture(`threads-menu-${colorScheme}`);
    await page.locator('#delete-thread').click();
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.press('Escape');
    await threads.row('apples').locator('a').focus();
    await page.keyboard.press('F2');
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('#sidebar-trigger-button').click();
    await threads.shows(['apples']);
    assert.deepEqual([await barriers(page), await nameless(page)], [[], []]);
    await chat.picture(`threads-drawer-${colorScheme}`);
    await threads.open('apples');
    await page.locator('.drawer').waitFor({ state: 'detached' });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing sticks out');
  }, { ...options, visit: { colorScheme }, files: { '.chainlit/config.toml': `[UI]\ndefault_theme = "${colorScheme}"\n` } });
}
