// What a message shows beside its text, each kind where it belongs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { pictures } from '../pages/chat.mjs';

const isLoaded = (image) => image.evaluate((shown) => shown.complete && shown.naturalWidth > 0);

/** Asks for something and waits for what is shown of it. */
async function shown(chat, word, selector) {
  await chat.send(word);
  await chat.idle();
  const place = chat.page.locator(selector).last();
  await place.waitFor();
  return place;
}

withEachFrontend('elements', 'a picture is shown, and as large as the window after a click', async ({ chat, expect }) => {
  // Chainlit’s dialog has no title.
  expect(/`DialogContent` requires a `DialogTitle`/);
  await chat.shows([/^assistant: /]);
  const picture = await shown(chat, 'image', pictures);
  await until('the picture is there', () => isLoaded(picture));
  await picture.click();
  const large = chat.dialog.locator('img');
  await large.waitFor();
  await until('the large picture is there', () => isLoaded(large));
  await chat.page.keyboard.press('Escape');
  await large.waitFor({ state: 'hidden' });
  await chat.picture('elements-image');
});

withEachFrontend('elements', 'a file is downloaded under its name', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  const file = await shown(chat, 'file', '.inline-file');
  const link = (await file.evaluate((place) => place.matches('a'))) ? file : file.locator('a');
  const [download] = await Promise.all([chat.page.waitForEvent('download'), link.click()]);
  assert.equal(download.suggestedFilename(), 'numbers.txt');
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  assert.deepEqual([lines.length, lines.at(-1)], [10_000, '10000']);
});

withEachFrontend('elements', 'a sound can be played', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  const sound = await shown(chat, 'sound', '.inline-audio audio');
  await sound.evaluate((audio) => audio.load());
  await until('its length is known', () => sound.evaluate((audio) => audio.duration), (seconds) => seconds === 0.5);
});

withOurUi('elements', 'a document shows its page, with text that can be selected', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  const document = await shown(chat, 'page', '.inline-pdf');
  await until('its text is there', () => document.innerText(), (text) => text.includes('Hello from a handler'));
  await document.locator('.react-pdf__Document canvas').waitFor();
  await chat.picture('elements-page');
});

withEachFrontend('elements', 'a document is drawn, in Chainlit’s page also as large as the window', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  const preview = await shown(chat, 'page', '.inline-pdf');
  const hasInk = (canvas) =>
    canvas.evaluate((page) => {
      const { data } = page.getContext('2d').getImageData(0, 0, page.width, page.height);
      return data.some((value, at) => at % 4 === 0 && value < 90);
    });
  await until('something is drawn', async () => (await preview.locator('canvas').count()) > 0 && hasInk(preview.locator('canvas').first()));
  // Ours is read where it is.
  if (chat.frontend === 'ours') return;
  await preview.click();
  const large = chat.dialog.locator('canvas').first();
  await until('something is drawn there', async () => (await large.count()) > 0 && hasInk(large));
  await chat.picture('elements-page-large');
  await chat.page.keyboard.press('Escape');
  await chat.dialog.waitFor({ state: 'hidden' });
});

withEachFrontend('charts', 'a chart, a table and a drawing stand below each other', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  await shown(chat, '30', '.inline-plotly .main-svg');
  await until('the drawing is there', () => isLoaded(chat.page.locator(pictures).first()));
  const rows = chat.page.locator('.dataframe tbody tr');
  await until('the table has its first page', () => rows.count(), (count) => count === 10);
  const heads = await chat.page.locator('.dataframe thead').innerText();
  assert.match(heads.replace(/\s+/g, ' '), /day temperature note/i);
  await chat.picture('charts');
});

withOurUi('charts', 'a table is sorted by a click on a head', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  const table = await shown(chat, '30', '.dataframe');
  const first = () => table.locator('tbody tr').first().locator('td').nth(1).innerText();
  const head = table.getByRole('button', { name: 'temperature' });
  await head.click();
  const lowest = Number(await first());
  await head.click();
  assert.ok(Number(await first()) > lowest, 'the other way round');
});

withEachFrontend('show', 'texts are Markdown, or code in their language', async ({ chat }) => {
  await shown(chat, 'texts', '.inline-text');
  const texts = chat.page.locator('.inline-text');
  await until('both have come', () => texts.allInnerTexts(), (seen) => /emphasis/.test(seen[0]) && /let x = 1;/.test(seen[1]));
  await texts.nth(1).locator('pre code').waitFor();
  const emphasis = texts.nth(0).getByText('emphasis', { exact: true });
  assert.equal(await emphasis.evaluate((word) => getComputedStyle(word).fontStyle), 'italic');
});

withEachFrontend('show', 'an element changes where it is, and goes', async ({ chat }) => {
  const note = await shown(chat, 'note', '.inline-text');
  await until('the first version', () => note.innerText(), (text) => text.includes('first version'));
  await chat.send('change');
  await until('the second version', () => note.innerText(), (text) => text.includes('second version'));
  assert.equal(await chat.page.locator('.inline-text').count(), 1);
  await chat.send('remove');
  await note.waitFor({ state: 'detached' });
});

withOurUi('show', 'what can not be loaded says so, with the way to it', async ({ chat, expect }) => {
  expect(/film\.webm/);
  const film = await shown(chat, 'film', '.inline-video a');
  assert.match(await film.getAttribute('href'), /\/public\/film\.webm$/);
});

const cat = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

withOurUi(
  'show',
  'a picture of a trusted host shows by itself',
  async ({ chat }) => {
    await chat.page.route('https://pictures.example/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: cat }));
    const picture = await shown(chat, 'remote', '.inline-image img');
    await until('the picture is there', () => isLoaded(picture));
  },
  { files: { '.chainlit/config.toml': '[features]\nallowed_media_hosts = ["pictures.example"]\n' } },
);

withOurUi('show', 'a picture of another host waits for a click', async ({ chat, expect }) => {
  const asked = [];
  await chat.page.route('https://pictures.example/**', (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: 'image/svg+xml', body: cat });
  });
  const button = await shown(chat, 'remote', '.inline-image button');
  assert.match(await button.innerText(), /cat[\s\S]*pictures\.example/);
  assert.deepEqual(asked, []);
  // The reader asks another host for it.
  expect(/pictures\.example/);
  await button.click();
  const picture = chat.page.locator('.inline-image img');
  await until('the picture is there', () => picture.evaluate((image) => image.naturalWidth), (width) => width > 0);
  assert.deepEqual(asked, ['https://pictures.example/cat.svg']);
  await chat.picture('elements-remote');
});

withOurUi('charts', 'a reloaded page shows everything again', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  await shown(chat, '30', '.inline-plotly .main-svg');
  await chat.page.reload();
  await chat.ready();
  await chat.page.locator('.inline-plotly .main-svg').first().waitFor();
  await until('the table is there', () => chat.page.locator('.dataframe tbody tr').count(), (count) => count === 10);
  await until('the drawing is there', () => isLoaded(chat.page.locator(pictures).first()));
});
