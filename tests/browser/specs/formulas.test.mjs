// What the Markdown of our page has beside GFM: formulas and alerts.

import assert from 'node:assert/strict';

import { withOurUi } from '../harness/scenario.mjs';

const MODERN = { '.chainlit/config.toml': '[features]\nlatex = true\n[UI]\nalert_style = "modern"\n' };

const TEXT = [
  'Euler knew $e^{i\\pi} = -1$; it costs $5 and $10.',
  '$$\n\\int_0^1 x^2\\,dx = \\frac{1}{3}\n$$',
  '$\\href{javascript:window.fired=1}{x}$ $\\includegraphics{http://pictures.example/x.png}$ $\\kern-60em\\rule{900em}{1em}$',
  '::: warning\nMind the **gap**.\n:::',
].join('\n\n');

withOurUi(
  'hello',
  'formulas are drawn with the fonts of the page, and reach nowhere',
  async ({ chat }) => {
    await chat.shows([/./]);
    await chat.send(TEXT);
    await chat.shows([/./, /^user: /s, /^assistant: You said: /s]);
    const answer = chat.answers.last();
    await answer.locator('.formula.display .katex-html').waitFor();
    assert.equal(await answer.locator('.formula .katex-html').count(), 5);
    assert.match(await answer.textContent(), /it costs \$5 and \$10\./);
    assert.equal(await answer.locator('.formula :is(a, img)').count(), 0);

    const fonts = await chat.page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((font) => font.family.includes('KaTeX')).map((font) => font.status);
    });
    assert.ok(fonts.includes('loaded'), 'its fonts came');
    assert.ok(!fonts.includes('error'), 'none of them was refused');
    const overflow = await chat.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, 'nothing stands out of the page');
    await chat.picture('formulas');
  },
  { files: MODERN },
);

withOurUi(
  'hello',
  'an alert stands out, in the style of the settings',
  async ({ chat }) => {
    await chat.shows([/./]);
    await chat.send(TEXT);
    const alert = chat.answers.last().getByRole('note', { name: 'Warning' });
    await alert.waitFor();
    assert.match(await alert.textContent(), /^Warning\s*Mind the gap\.$/);
    assert.match(await alert.getAttribute('class'), /\bmodern\b/);
  },
  { files: MODERN },
);

withOurUi('hello', 'without the setting dollars are dollars, and nothing is fetched for formulas', async ({ chat }) => {
  const asked = [];
  chat.page.on('request', (request) => asked.push(request.url()));
  await chat.shows([/./]);
  await chat.send('$x$ and\n\n$$\ny\n$$\n\n::: tip\nz\n:::');
  const answer = chat.answers.last();
  await answer.locator('.markdown-alert.classic').waitFor();
  assert.match(await answer.textContent(), /\$x\$ and/);
  assert.deepEqual(asked.filter((url) => /Formula|katex/i.test(url)), []);
});
