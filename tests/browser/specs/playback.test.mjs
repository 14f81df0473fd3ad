// Sounds and films really play, and jump to where the listener wants them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

/** Four seconds: two of red, two of blue. */
const film = await readFile(new URL('../fixtures/film.webm', import.meta.url));

const RATE = 48_000;

/** A WAV file of a soft tone, 16 bits and one channel. */
function tone(seconds) {
  const size = 2 * RATE * seconds;
  const wav = Buffer.alloc(44 + size);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + size, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(2 * RATE, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(size, 40);
  for (let at = 0; at < size / 2; at += 1) wav.writeInt16LE(Math.round(900 * Math.sin((at * 2 * Math.PI * 440) / RATE)), 44 + 2 * at);
  return wav;
}

const time = (player) => player.evaluate((media) => media.currentTime);
const jump = (player, seconds) => player.evaluate((media, to) => void (media.currentTime = to), seconds);
const arrived = (player) => until('it is there', () => player.evaluate((media) => !media.seeking && media.readyState >= 2));

/** The colour in the middle of what the film shows. */
const colour = (player) =>
  player.evaluate((video) => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const [red, , blue] = context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
    return red > 2 * blue ? 'red' : blue > 2 * red ? 'blue' : `${red} ${blue}`;
  });

withEachFrontend('elements', 'a sound plays to its end', async ({ chat }) => {
  await chat.shows([/^assistant: /]);
  await chat.send('sound');
  const sound = chat.page.locator('.inline-audio audio');
  await sound.focus();
  await chat.page.keyboard.press('Space');
  await until('it has been played', () => sound.evaluate((audio) => [audio.ended, audio.currentTime]), ([ended]) => ended);
  assert.equal(await time(sound), 0.5);
});

withEachFrontend('show', 'a long sound plays from the middle without being fetched whole', async ({ chat, server }) => {
  await server.write('public/long.wav', tone(120));
  const ranges = [];
  chat.page.on('response', async (response) => {
    if (!response.url().endsWith('/public/long.wav')) return;
    ranges.push([response.status(), response.headers()['content-range'] ?? '']);
  });
  await chat.send('long sound');
  const sound = chat.page.locator('.inline-audio audio');
  await sound.evaluate((audio) => audio.load());
  await until('its length is known', () => sound.evaluate((audio) => audio.duration), (seconds) => seconds === 120);
  await jump(sound, 100);
  await sound.focus();
  await chat.page.keyboard.press('Space');
  await until('it plays on from there', () => time(sound), (at) => at > 100.2);
  const starts = ranges.map(([, range]) => Number(/^bytes (\d+)-/.exec(range)?.[1]));
  assert.ok(ranges.every(([status]) => status === 206), JSON.stringify(ranges));
  assert.ok(starts.some((start) => start > 90 * 2 * RATE), `nothing was asked for near the place: ${JSON.stringify(ranges)}`);
});

for (const [word, where] of [['film', 'of the public folder'], ['kept film', 'of the session']]) {
  withEachFrontend('show', `a film ${where} plays, and jumps`, async ({ chat, server }) => {
    await server.write('public/film.webm', film);
    await chat.send(word);
    const player = chat.page.locator('.inline-video video, video.inline-video');
    await until('its length is known', () => player.evaluate((video) => video.duration), (seconds) => seconds === 4);
    await player.evaluate((video) => video.play());
    await until('it plays', () => time(player), (at) => at > 0.3);
    await player.evaluate((video) => video.pause());
    await arrived(player);
    await until('the beginning is red', () => colour(player), (seen) => seen === 'red');
    await jump(player, 3);
    await arrived(player);
    await until('the end is blue', () => colour(player), (seen) => seen === 'blue');
    await chat.picture(`playback-${word.replace(' ', '-')}`);
    await jump(player, 0.5);
    await arrived(player);
    await until('the beginning is red', () => colour(player), (seen) => seen === 'red');
  });
}
