// How a page bears one long answer at full speed: `cargo bench --bench chat -- --only answer` runs this.
//
//     node tests/browser/measure/answer.mjs <url> <prose|flat> <tokens> <patience in ms>
//
// Prints one line of JSON: time from the last token sent to the picture that shows it, and how long pictures took from the
// question until then (one every 16.7 ms is perfect). A page that does not get there has `missing`, and the time that it had.

import { measure, quantile } from './browser.mjs';

const [url, form, tokens, limit] = process.argv.slice(2);
const patience = Number(limit);

await measure(url, patience, { painted: patience }, async ({ page, ask }) => {
  const asked = await ask(`${form} ${tokens}`);
  const { frames, painted, characters } = await page.evaluate((limit) => window.measured.untilShown(limit), patience);
  return {
    painted: painted === null ? patience : painted.shown - painted.sent,
    p95: quantile(frames, 0.95),
    longest: Math.max(...frames),
    missing: painted === null ? `${characters} characters shown after ${Math.round((Date.now() - asked) / 1000)} s` : null,
  };
});
