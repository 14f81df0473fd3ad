// How a page bears a conversation of many messages: `cargo bench --bench chat -- --only conversation` runs this.
//
//     node tests/browser/measure/conversation.mjs <url> <messages> <patience in ms>
//
// Prints one line of JSON: time from the question to the picture that shows the last message, memory of JavaScript then
// (the page's and its workers'), and how long pictures took while the reader goes from the end to the beginning. A page
// that does not get all has `missing`; its other figures are of what it has.

import { heap, measure, quantile } from './browser.mjs';

const [url, messages, limit] = process.argv.slice(2);
const patience = Number(limit);
/** Pixels of one picture: as fast as one who throws the wheel. */
const STEP = 600;

await measure(url, patience, { shown: patience }, async ({ page, ask }) => {
  const asked = await ask(`messages ${messages}`);
  const { painted, answers } = await page.evaluate((limit) => window.measured.untilShown(limit), patience);
  const missing = [];
  if (painted === null) missing.push(`${answers} of ${messages} messages shown after ${Math.round((Date.now() - asked) / 1000)} s`);
  const mib = (await heap(page)) / 2 ** 20;
  const { frames, first } = await page.evaluate(
    ({ step, limit }) => window.measured.toBeginning(step, limit),
    { step: STEP, limit: patience },
  );
  if (!first.includes('Message 1 of')) missing.push(`the first one is ${JSON.stringify(first.slice(0, 60))}`);
  return {
    shown: painted === null ? patience : painted.shown - asked,
    mib,
    p95: quantile(frames, 0.95),
    longest: Math.max(...frames),
    after: (await heap(page)) / 2 ** 20,
    missing: missing.length === 0 ? null : missing.join('; '),
  };
});
