import assert from 'node:assert/strict';

import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const GREETING = 'assistant: Press the microphone and say something.';

withOurUi(
  'audio_echo',
  'what is said is heard by the application',
  async ({ chat }) => {
    const mic = chat.page.locator('#audio-button');
    await chat.shows([GREETING]);
    await mic.click();
    // The browser's own microphone beeps once a second.
    const level = () => mic.evaluate((button) => Number(button.style.getPropertyValue('--level')));
    await until('the beep is seen', level, (seen) => seen > 0.05);
    await chat.page.getByText('Listening to you').waitFor();
    await chat.picture('audio');
    await mic.click();
    await chat.shows([GREETING, /^assistant: You spoke for about \d+ s\.$/]);
    await until('it is silent', () => mic.getAttribute('aria-pressed'), (pressed) => pressed === 'false');
  },
  { files: { '.chainlit/config.toml': '[features.audio]\nenabled = true\n' } },
);

withOurUi('hello', 'without sound there is no microphone', async ({ chat }) => {
  await chat.shows([/./]);
  assert.equal(await chat.page.locator('#audio-button').count(), 0);
});
