import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { Composer } from '../pages/composer.mjs';

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

/** Runs in the page: counts the seconds that its microphone heard and that its loudspeaker was given. */
function listen(rate) {
  window.heard = 0;
  window.played = 0;
  const { prototype } = MessagePort;
  // Both pages record in an audio worklet, which sends pieces of 16-bit samples; Chainlit’s plays through one as well.
  const hearing = Object.getOwnPropertyDescriptor(prototype, 'onmessage');
  Object.defineProperty(prototype, 'onmessage', {
    ...hearing,
    set(hear) {
      hearing.set.call(this, (event) => {
        const piece = event.data?.data;
        window.heard += (piece?.byteLength ?? piece?.mono?.byteLength ?? 0) / (2 * rate);
        return hear.call(this, event);
      });
    },
  });
  const { postMessage } = prototype;
  prototype.postMessage = function (message, ...rest) {
    if (message?.event === 'write') window.played += message.buffer.length / rate;
    return postMessage.call(this, message, ...rest);
  };
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...rest) {
    window.played += this.buffer?.duration ?? 0;
    return start.apply(this, rest);
  };
}

withEachFrontend(
  'audio_echo',
  'who spoke for a while hears it again',
  async ({ chat }) => {
    const { microphone } = new Composer(chat);
    await chat.shows([GREETING]);
    await microphone.click();
    await until('a second and more was spoken', () => chat.page.evaluate(() => window.heard), (seconds) => seconds > 1.5);
    await microphone.click();
    await chat.shows([GREETING, /^assistant: You spoke for about [1-9]\d* s\.$/]);
    await until('it is heard', () => chat.page.evaluate(() => window.played), (seconds) => seconds >= 1);
  },
  {
    arrive: async (chat) => {
      await chat.page.addInitScript(listen, 24_000);
      await chat.open();
    },
  },
);

withOurUi('hello', 'without sound there is no microphone', async ({ chat }) => {
  await chat.shows([/./]);
  assert.equal(await chat.page.locator('#audio-button').count(), 0);
});
