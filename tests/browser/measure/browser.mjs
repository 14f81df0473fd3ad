// What the measurements share: Chromium with a page that watches its own pictures.

import { chromium } from 'playwright-core';

import { Chat } from '../pages/chat.mjs';
import { until } from '../harness/until.mjs';

/** Runs in the page. */
function watch() {
  const answers = document.getElementsByClassName('ai-message');
  /** What the application writes at the end, with the time when it did. */
  const END = /The end, sent at (\d+)\.\s*$/;
  const nextFrame = () => new Promise(requestAnimationFrame);

  /** Looks at the end of the newest answer only: to ask for all of its text would cost more than the page does. */
  function end() {
    const answer = answers[answers.length - 1];
    if (answer === undefined) return null;
    const texts = document.createTreeWalker(answer.querySelector('.message-content') ?? answer, NodeFilter.SHOW_TEXT);
    let node = texts.root;
    while (node.lastChild) node = node.lastChild;
    texts.currentNode = node;
    for (let tried = 0; node && tried < 12; node = texts.previousNode(), tried += 1) {
      const found = node.nodeType === Node.TEXT_NODE ? END.exec(node.nodeValue) : null;
      if (found) return Number(found[1]);
    }
    return null;
  }

  /** The element that scrolls the conversation. */
  function scroller() {
    let element = answers[answers.length - 1];
    while (element && !(element.scrollHeight > element.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(element).overflowY))) {
      element = element.parentElement;
    }
    return element ?? document.scrollingElement;
  }

  /** The pictures of a time, and what is seen in the end. */
  async function untilShown(limit) {
    const frames = [];
    const give = performance.now() + limit;
    let last = await nextFrame();
    let painted = null;
    while (painted === null && last < give) {
      const sent = end();
      // What this frame found is painted after it; the next one begins when it was.
      const now = await nextFrame();
      frames.push(now - last);
      last = now;
      if (sent !== null) painted = { sent, shown: performance.timeOrigin + performance.now() };
    }
    const content = answers[answers.length - 1]?.textContent ?? '';
    return { frames, painted, characters: content.length, answers: answers.length };
  }

  /** Goes up until the conversation begins, and stays there for a second. */
  async function toBeginning(step, limit) {
    const element = scroller();
    element.scrollTop = element.scrollHeight;
    for (let rest = 0; rest < 60; rest += 1) await nextFrame();
    const frames = [];
    let at = await nextFrame();
    let moved = at;
    const give = at + limit;
    while (at - moved < 1000 && at < give) {
      element.scrollTop -= step;
      const now = await nextFrame();
      if (element.scrollTop > 0) moved = now;
      if (moved === now) frames.push(now - at);
      at = now;
    }
    const first = [...answers].slice(0, 2).map((answer) => answer.textContent);
    return { frames, first: first.find((text) => !text.includes('Welcome')) ?? '' };
  }

  window.measured = { untilShown, toBeginning };
}

/**
 * Opens the page, lets `work` measure and prints what it gives.
 *
 * @param {string} url
 * @param {number} patience How long one thing may take, in milliseconds.
 * @param {object} stuck What to print when the page never has time to answer.
 * @param {(at: { page: import('playwright-core').Page, ask: (text: string) => Promise<number> }) => Promise<object>} work
 *   `ask` sends a message and gives the time when it did.
 */
export async function measure(url, patience, stuck, work) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
  });
  // Playwright ends the browser with this process.
  const enough = setTimeout(() => {
    console.log(JSON.stringify({ ...stuck, missing: 'the page does not answer any more' }));
    process.exit();
  }, 1.5 * patience + 15_000);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // Chainlit's page asks other hosts for fonts.
    await page.route(
      (address) => address.protocol.startsWith('http') && address.hostname !== '127.0.0.1',
      (route) => route.fulfill({ status: 200, body: '' }),
    );
    await page.addInitScript(watch);
    const chat = new Chat(page, { url, frontend: 'any' });
    await chat.open();
    await until('the greeting', () => chat.answers.count(), (count) => count > 0, 30_000);
    await chat.idle();
    const ask = async (text) => {
      await chat.input.fill(text);
      await until('the message can be sent', () => chat.submit.isEnabled());
      const asked = Date.now();
      await chat.input.press('Enter');
      return asked;
    };
    console.log(JSON.stringify(await work({ page, ask })));
  } finally {
    clearTimeout(enough);
    await browser.close();
  }
}

/** Bytes of JavaScript that the page and its workers hold. */
export async function heap(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const workers = await Promise.all(page.workers().map((worker) => worker.evaluate(() => performance.memory?.usedJSHeapSize ?? 0)));
  await session.detach();
  return workers.reduce((sum, size) => sum + size, usedSize);
}

/** The value that so large a part of them does not exceed. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
