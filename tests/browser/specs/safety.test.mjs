import assert from 'node:assert/strict';

import { withOurUi } from '../harness/scenario.mjs';

const PAYLOADS = [
  '[click](javascript:window.fired=1)',
  '[click](JaVaScRiPt:window.fired=1)',
  '[click](&#106;avascript:window.fired=1)',
  '[click](data:text/html,<script>window.fired=1</script>)',
  '[click](vbscript:window.fired=1)',
  '<script>window.fired=1</script>',
  '<img src=x onerror="window.fired=1">',
  '<svg onload="window.fired=1"></svg>',
  '<iframe srcdoc="<script>parent.fired=1</script>"></iframe>',
  '<a href="javascript:window.fired=1">click</a>',
  '<form action="javascript:window.fired=1"><button>go</button></form>',
  '![picture](javascript:window.fired=1)',
  '```html\n<img src=x onerror="window.fired=1">\n```',
  '`<img src=x onerror="window.fired=1">`',
];

withOurUi('hello', 'what a message says is shown and never run', async ({ chat }) => {
  await chat.shows([/./]);
  await chat.send(PAYLOADS.join('\n\n'));
  await chat.shows([/./, /^user: .*/s, /^assistant: You said: .*/s]);
  const found = await chat.steps.evaluateAll((steps) =>
    steps
      .flatMap((step) => [...step.querySelectorAll('.message-content *')])
      .flatMap((element) => {
        const bad = ['SCRIPT', 'IFRAME', 'FORM', 'OBJECT', 'EMBED'].includes(element.tagName) ? [element.outerHTML] : [];
        for (const { name, value } of element.attributes) {
          if (/^on/i.test(name) || /^\s*(javascript|vbscript|data):/i.test(value)) bad.push(element.outerHTML);
        }
        return bad;
      }),
  );
  assert.deepEqual(found, [], 'nothing that could run is in the document');
  for (const link of await chat.page.locator('.message-content a').all()) await link.click({ modifiers: ['Shift'] });
  assert.equal(await chat.page.evaluate(() => window.fired), undefined, 'nothing ran');
  await chat.picture('safety');
});

withOurUi('hello', 'a remote picture is asked for only when the reader wants it', async ({ chat }) => {
  // A request to another host is a problem that every scenario ends with.
  await chat.shows([/./]);
  await chat.send('![a cat](http://pictures.example/cat.png)');
  await chat.shows([/./, /./, /^assistant: You said:/]);
  await chat.answers.last().getByText('pictures.example').waitFor();
});
