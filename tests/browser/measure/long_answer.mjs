// Measures how the page bears a long answer at full speed. Not a test: figures depend on the machine.
//
//     cargo build --release --example long_answer
//     node tests/browser/measure/long_answer.mjs [prose|flat] [tokens]
//
// 200,000 tokens, unless told otherwise, are 1 MB. Told are: how long the handler sent, the time from its last token to
// the picture that shows it, and how long pictures took while the answer grew (one every 16.7 ms is perfect).

import path from 'node:path';

import { chromium } from 'playwright-core';

import { examples } from '../harness/places.mjs';
import { Server } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { Chat } from '../pages/chat.mjs';

const [form = 'prose', tokens = '200000'] = process.argv.slice(2);
const END = 'The end.';
const PATIENCE = 300_000;

/** Runs in the page: notes each picture, and the one that shows the end. */
function watch(end) {
  const record = { frames: [], tasks: [], begun: null, painted: null };
  window.measured = record;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) if (record.begun !== null) record.tasks.push(task.duration);
  }).observe({ type: 'longtask' });
  let last = null;
  const frame = (now) => {
    const answers = document.querySelectorAll('.ai-message .message-content');
    const answer = answers[answers.length - 1];
    if (answer?.firstElementChild?.firstChild && record.begun === null) record.begun = now;
    if (record.begun !== null && last !== null && record.painted === null) record.frames.push(now - last);
    last = now;
    // To ask for the whole text would cost more than the page does.
    let newest = answer;
    while (newest?.lastChild) newest = newest.lastChild;
    // What this frame found is painted after it; the next one begins when it was.
    if (record.painted === null && newest?.nodeValue?.trimEnd().endsWith(end)) {
      requestAnimationFrame(() => (record.painted = performance.timeOrigin + performance.now()));
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, part) => values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
const ms = (value) => `${value.toFixed(1)} ms`;

const program = path.join(examples, '..', '..', 'release', 'examples', 'long_answer');
const server = await Server.start('long_answer', { program });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  await page.addInitScript(watch, END);
  const chat = new Chat(page, { url: server.url, frontend: 'ours' });
  await chat.open();
  const asked = Date.now();
  await chat.send(`${form} ${tokens}`);
  const sent = await until('the handler has sent all', () => Number(/^sent (\d+)$/m.exec(server.output)?.[1] ?? 0), Boolean, PATIENCE);
  await until('the page shows the end', () => page.evaluate(() => window.measured.painted !== null), Boolean, PATIENCE);
  const { frames, tasks, painted } = await page.evaluate(() => window.measured);
  const all = sorted(frames);
  console.log(`${form}, ${tokens} tokens`);
  console.log(`sent in                      ${ms(sent - asked)}`);
  console.log(`last token sent to painted   ${ms(painted - sent)}`);
  console.log(`pictures                     ${all.length}, p50 ${ms(quantile(all, 0.5))}, p95 ${ms(quantile(all, 0.95))}, longest ${ms(all.at(-1) ?? 0)}`);
  console.log(`tasks over 50 ms             ${tasks.length}, longest ${ms(Math.max(0, ...tasks))}`);
} finally {
  await browser.close();
  await server.stop();
}
