// Makes the pictures of docs/images anew. Not a test: look at what comes out.
//
//     scripts/screenshots [name]...
//
// Each is one example after a short conversation, dark or light, as WebP.

import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { repository } from '../harness/places.mjs';
import { Server } from '../harness/server.mjs';
import { Chat } from '../pages/chat.mjs';

const FOLDER = path.join(repository, 'docs', 'images');
const LIMIT = 80 * 1024;

/** What is done before each picture. The name is that of the example, `size` that of the window. */
const pictures = {
  steps: {
    size: [900, 1040],
    theme: 'dark',
    arrange: async (chat) => {
      await chat.send('What is a handler?');
      await chat.shows([/./, /^user: /, /^assistant: A handler is/]);
      await chat.idle();
      await chat.stepHead('think').click();
      await chat.steps.nth(1).evaluate((question) => question.scrollIntoView({ block: 'start' }));
    },
  },
  elements: {
    size: [1060, 640],
    theme: 'light',
    arrange: async (chat) => {
      await chat.send('image');
      await chat.page.locator('.inline-image img').waitFor();
      await chat.idle();
      await chat.send('code');
      await chat.elementLinks.first().waitFor();
      await chat.sideContent.locator('pre code span').first().waitFor();
    },
  },
  charts: {
    size: [900, 760],
    theme: 'dark',
    arrange: async (chat) => {
      await chat.send('30');
      await chat.page.locator('.inline-plotly .main-svg').first().waitFor();
      await chat.page.locator('.dataframe tbody tr').first().waitFor();
      await chat.idle();
      await chat.page.locator('.inline-plotly').evaluate((chart) => chart.scrollIntoView({ block: 'start' }));
    },
  },
  ask_action: {
    size: [900, 480],
    theme: 'light',
    arrange: async (chat) => {
      await chat.send('Tea');
      await chat.page.getByRole('button', { name: 'Medium' }).waitFor();
    },
    leave: (chat) => chat.page.getByRole('button', { name: 'Medium' }).click(),
  },
  ask_element: {
    size: [900, 640],
    theme: 'dark',
    arrange: async (chat) => {
      await chat.send('The lamp is broken');
      await chat.page.locator('#ticket-send').waitFor();
    },
    leave: (chat) => chat.page.locator('#ticket-cancel').click(),
  },
  settings: {
    size: [900, 640],
    theme: 'light',
    arrange: async (chat) => {
      await chat.page.locator('#chat-settings-open-modal').click();
      await chat.page.locator('#name').fill('Ada');
    },
  },
  task_list: {
    size: [1060, 480],
    theme: 'dark',
    arrange: async (chat) => {
      await chat.send('tea c4ke biscuits');
      await chat.page.locator('.task-status-running', { hasText: 'biscuits' }).waitFor();
    },
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in pictures));
if (unknown.length > 0) throw new Error(`no picture is called ${unknown.join(', ')}; there are ${Object.keys(pictures).join(', ')}`);

/** Chromium gives PNG and JPEG; its canvas gives WebP, which is a third as large. */
async function webp(page, png) {
  const data = await page.evaluate(async (bytes) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${bytes}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, png.toString('base64'));
  return Buffer.from(data);
}

await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const blank = await browser.newPage();
try {
  for (const [name, { size: [width, height], theme, arrange, leave }] of Object.entries(pictures)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const server = await Server.start(name, { files: { '.chainlit/config.toml': `[UI]\nname = "Assistant"\ndefault_theme = "${theme}"\n` } });
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: 'en-US', reducedMotion: 'reduce' });
    try {
      const chat = new Chat(await context.newPage(), { url: server.url, frontend: 'ours' });
      await chat.open();
      await chat.appears(theme === 'light' ? 'Light' : 'Dark');
      await arrange(chat);
      await chat.page.mouse.move(0, 0);
      await chat.page.evaluate(() => document.fonts.ready);
      const file = path.join(FOLDER, `${name}.webp`);
      await writeFile(file, await webp(blank, await chat.page.screenshot({ animations: 'disabled' })));
      const { size } = await stat(file);
      console.log(`${name.padEnd(12)} ${(size / 1024).toFixed(1)} KiB`);
      if (size > LIMIT) throw new Error(`${name} is larger than ${LIMIT / 1024} KiB`);
      await leave?.(chat);
    } finally {
      await context.close();
      await server.stop();
    }
  }
} finally {
  await browser.close();
}
