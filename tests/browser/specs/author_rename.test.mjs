// Who speaks, as the application wants it shown.

import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { Composer } from '../pages/composer.mjs';

/** The author of the answer with that text; Chainlit’s page tells it to who points at the picture. */
async function author(chat, text) {
  const answer = chat.page.locator('.step').filter({ hasText: text });
  if (chat.frontend === 'ours') return answer.locator('.author').innerText();
  await answer.locator('img').hover();
  const tip = chat.page.getByRole('tooltip');
  await tip.waitFor();
  return tip.innerText();
}

withEachFrontend('author_rename', 'the page has the names of the speakers', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.send('short');
  await chat.shows(['user: short', 'assistant: You wrote 1 words.', 'assistant: That is too short.']);
  await composer.isTold(/Write at least three words\./);
  await until('the calculator is called', () => author(chat, 'You wrote 1 words.'), (name) => name.trim() === 'Ada Lovelace');
  // Chainlit’s page names nobody beside an error.
  if (composer.ours) await until('the critic is called', () => author(chat, 'That is too short.'), (name) => name.trim() === 'The Critic');
  await chat.picture('author_rename');
});

const face = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#b00"/></svg>';

withEachFrontend(
  'author_rename',
  'a picture of the speaker is that of the application',
  async ({ chat }) => {
    await chat.send('one two three');
    await chat.shows(['user: one two three', 'assistant: You wrote 3 words.']);
    // Chainlit’s page has one for the step before the answer, too.
    const picture = chat.answers.locator('img[src*="Ada" i]').first();
    const shown = () => picture.evaluate((image) => [image.naturalWidth, decodeURI(image.src)]);
    await until('it is the picture of the folder', shown, ([width, address]) => width === 9 && /\/avatars\/Ada Lovelace/i.test(address));
  },
  { files: { 'public/avatars/ada_lovelace.svg': face } },
);
