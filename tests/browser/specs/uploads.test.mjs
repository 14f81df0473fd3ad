import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { Composer, textFile } from '../pages/composer.mjs';

const GREETING = 'assistant: Attach text files, and I count their words.';
const config = (upload) => ({ '.chainlit/config.toml': `[features.spontaneous_file_upload]\n${upload}\n` });

withEachFrontend('files', 'files go with a message, and are shown with it', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.shows([GREETING]);
  await composer.choose([textFile('one.txt', 'a b c'), textFile('two.txt', 'd')]);
  await composer.holds('one', 'two');
  await chat.picture('uploads-attached');
  await chat.send('count');
  await chat.shows([GREETING, /^user: count/, /one\.txt has 3 words.*two\.txt has 1 words 4 words in all/]);
  const shown = () => chat.page.locator('[data-step-type="user_message"]').innerText();
  await until('the files stand with the message', shown, (text) => text.includes('one.txt') && text.includes('two.txt'));
  await chat.picture('uploads-sent');
});

withEachFrontend('files', 'files are a message without a word', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.shows([GREETING]);
  await composer.choose([textFile('alone.txt', 'a b')]);
  await composer.holds('alone');
  await composer.submit();
  await chat.shows([GREETING, /^user:/, /alone\.txt has 2 words/]);
});

withEachFrontend('files', 'files are dropped and pasted', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.shows([GREETING]);
  await composer.drop(textFile('dropped.txt', 'a'));
  await composer.holds('dropped');
  await composer.paste(textFile('pasted.txt', 'a b'));
  await composer.holds('dropped', 'pasted');
  await chat.send('both');
  await chat.shows([GREETING, /^user: both/, /dropped\.txt has 1 words.*pasted\.txt has 2 words/]);
});

withEachFrontend('files', 'an attached file can be taken away again', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.shows([GREETING]);
  await composer.choose([textFile('keep.txt', 'a')]);
  await composer.holds('keep');
  await composer.choose([textFile('drop.txt', 'a')]);
  await composer.holds('keep', 'drop');
  await composer.attachments.getByRole('button').last().click();
  await until('one is left', () => composer.attachments.innerText(), (text) => !text.includes('drop'));
  await chat.send('one');
  await chat.shows([GREETING, /^user: one/, /^assistant: (- )?keep\.txt has 1 words 1 words in all files so far\.$/]);
});

withEachFrontend(
  'files',
  'what may not be uploaded is refused before it is sent',
  async ({ chat }) => {
    const composer = new Composer(chat);
    await chat.shows([GREETING]);
    await composer.choose([textFile('page.html', '<p>', 'text/html')]);
    await composer.isTold(/page\.html|not accepted|type/i);
    await composer.choose([textFile('large.txt', 'x'.repeat(1024 * 1024 + 1))]);
    await composer.isTold(/large\.txt|larger/i);
    await composer.choose([textFile('good.txt', 'a')]);
    await composer.holds('good');
    assert.doesNotMatch(await composer.attachments.innerText(), /page|large/);
    await chat.picture('uploads-refused');
  },
  { files: config('enabled = true\naccept = ["text/plain"]\nmax_files = 2\nmax_size_mb = 1') },
);

withOurUi(
  'files',
  'one file too many is named, the others are taken',
  async ({ chat }) => {
    const composer = new Composer(chat);
    await chat.shows([GREETING]);
    await composer.choose(['a', 'b', 'c'].map((name) => textFile(`${name}.txt`, name)));
    await composer.holds('a.txt', 'b.txt');
    await composer.isTold(/c\.txt: more than 2 files/);
  },
  { files: config('enabled = true\naccept = ["text/plain"]\nmax_files = 2') },
);

withEachFrontend(
  'files',
  'where uploads are off there is no button',
  async ({ chat }) => {
    await chat.shows([GREETING]);
    assert.equal(await chat.page.locator('#upload-button').count(), 0);
    await new Composer(chat).drop(textFile('dropped.txt', 'a'));
    await chat.send('without');
    await chat.shows([GREETING, 'user: without', /0 words in all/]);
  },
  { files: config('enabled = false') },
);

withOurUi('files', 'a refused upload says why, can be tried again and taken away', async ({ chat, expect }) => {
  expect(/413/);
  const composer = new Composer(chat);
  await chat.shows([GREETING]);
  let refuse = true;
  await chat.page.route('**/project/file?*', (route) =>
    refuse ? route.fulfill({ status: 413, json: { detail: 'The disk is full' } }) : route.fallback(),
  );
  await composer.choose([textFile('late.txt', 'a b')]);
  await until('the reason is shown', () => composer.attachments.innerText(), (text) => text.includes('The disk is full'));
  await chat.picture('uploads-failed');
  refuse = false;
  await composer.attachments.getByRole('button', { name: /Try again/ }).click();
  await composer.holds('late.txt');
  await chat.send('now');
  await chat.shows([GREETING, /^user: now/, /late\.txt has 2 words/]);
});

withOurUi('files', 'a running upload can be cancelled', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.shows([GREETING]);
  let reached = false;
  // The request hangs as on a network that takes nothing more.
  await chat.page.route('**/project/file?*', () => {
    reached = true;
  });
  await composer.choose([textFile('never.txt', 'a')]);
  await until('the upload has begun', () => reached);
  await chat.input.fill('without it');
  assert.equal(await chat.submit.isEnabled(), false, 'a message waits for its files');
  await composer.attachments.getByRole('button', { name: /Cancel/ }).click();
  await composer.attachments.waitFor({ state: 'hidden' });
  await chat.send('without it');
  await chat.shows([GREETING, 'user: without it', /0 words in all/]);
});
