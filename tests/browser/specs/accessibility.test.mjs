// What axe knows of barriers, and pages of a telephone’s width, with all that may stand beside a text.

import assert from 'node:assert/strict';

import { barriers, nameless } from '../harness/axe.mjs';
import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { Composer, textFile } from '../pages/composer.mjs';

/** Brings an example’s page to where everything of it is seen. */
const scenes = {
  charts: async (chat) => {
    await chat.shows([/./]);
    await chat.send('30');
    await chat.page.locator('.inline-plotly .main-svg').first().waitFor();
    await chat.page.locator('.dataframe tbody tr').first().waitFor();
  },
  elements: async (chat) => {
    await chat.shows([/./]);
    const kinds = { image: '.inline-image img', page: '.inline-pdf canvas', sound: 'audio', file: '.inline-file', code: '.element-link' };
    for (const [word, what] of Object.entries(kinds)) {
      await chat.send(word);
      await chat.page.locator(what).first().waitFor();
      await chat.idle();
    }
  },
  steps: async (chat) => {
    await chat.shows([/./]);
    await chat.send('nothing');
    await chat.idle();
    await chat.stepHead('look_up').click();
    await chat.stepHead('think').click();
  },
  task_list: async (chat) => {
    await chat.send('ab c3');
    await until('the list is there', () => chat.page.locator('.tasklist').count());
    await chat.idle();
  },
  approvals: async (chat) => {
    await chat.send('ten chairs');
    await chat.page.getByRole('button', { name: 'Approve' }).waitFor();
    await chat.idle();
  },
  files: async (chat) => {
    const composer = new Composer(chat);
    await chat.shows([/./]);
    await composer.choose([textFile('one.txt', 'a b c')]);
    await composer.holds('one.txt');
    await chat.send('count');
    await chat.idle();
    await composer.choose([textFile('two.txt', 'd')]);
    await composer.holds('two.txt');
  },
  profiles: async (chat) => {
    await chat.page.getByRole('button', { name: 'Plans' }).click();
    await chat.page.locator('#starter-a-trip').waitFor();
  },
  author_rename: async (chat) => {
    await chat.send('short');
    await chat.shows(['user: short', /^assistant: You wrote/, /^assistant: That is too short/]);
    await chat.idle();
  },
  audio_echo: async (chat) => {
    await chat.shows([/./]);
    await chat.page.locator('#audio-button').click();
    await chat.page.getByText('Listening to you').waitFor();
  },
  ask_element: async (chat) => {
    await chat.send('The lamp');
    await chat.page.locator('#ticket-send').waitFor();
  },
};

/** Ends what the server would wait for when it goes down. */
const leave = async (chat) => {
  const cancel = chat.page.locator('#ticket-cancel');
  if (await cancel.isVisible()) await cancel.click();
  await chat.idle();
};

for (const [example, arrange] of Object.entries(scenes)) {
  withOurUi(example, 'no barrier that axe knows, dark and light', async ({ chat }) => {
    await arrange(chat);
    for (const theme of ['Dark', 'Light']) {
      await chat.chooseTheme(theme);
      await chat.picture(`${example}-${theme.toLowerCase()}`);
      assert.deepEqual(await barriers(chat.page), [], theme);
      assert.deepEqual(await nameless(chat.page), [], theme);
    }
    await leave(chat);
  });
  withOurUi(
    example,
    'a narrow page does not scroll sideways',
    async ({ chat }) => {
      await arrange(chat);
      assert.ok((await chat.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0);
      const outside = await chat.steps.evaluateAll((steps) =>
        steps.filter((step) => step.getBoundingClientRect().right > window.innerWidth).map((step) => step.className),
      );
      assert.deepEqual(outside, []);
      await chat.picture(`narrow-${example}`);
      await leave(chat);
    },
    { visit: { viewport: { width: 360, height: 740 } } },
  );
}
