// What the application does between question and answer.

import assert from 'node:assert/strict';

import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { pictures } from '../pages/chat.mjs';

const greeting = /^assistant: Ask me about/;
const answered = 'assistant: A step shows what a handler does.';
const handbook = 'Answer from the handbook';

withEachFrontend('steps', 'a step opens to what is in it, and in those below it', async ({ chat }) => {
  await chat.shows([greeting]);
  await chat.send('step');
  await chat.shows([greeting, 'user: step', answered]);
  await chat.stepHead(handbook).waitFor();
  // It is open from the beginning.
  await chat.stepHead('look_up').click();
  const tree = () => chat.page.locator('.step').filter({ has: chat.stepHead(handbook) }).first().innerText();
  const seen = await until('it has input and output', tree, (text) => text.includes('"limit": 2'));
  assert.match(seen, /"question": "step"/);
  await chat.stepHead('think').click();
  await until('the thoughts are there', tree, (text) => text.includes('the first one seems to fit'));
  // In the order of the work: what it gave comes last.
  assert.ok((await tree()).trim().endsWith('A step shows what a handler does.'), await tree());
  await chat.picture('steps');
});

withOurUi('steps', 'a step grows while it is looked at', async ({ chat }) => {
  await chat.shows([greeting]);
  await chat.send('step');
  await chat.stepHead('think').click();
  const body = chat.page.locator('.step').filter({ has: chat.stepHead('think') }).last();
  const lengths = new Set();
  await until('it is done', async () => {
    lengths.add((await body.innerText()).length);
    return chat.stopButton.isVisible();
  }, (running) => !running);
  assert.ok(lengths.size > 2, `it had ${[...lengths]} characters`);
});

withEachFrontend('steps', 'a failed step says why', async ({ chat }) => {
  await chat.shows([greeting]);
  await chat.send('nothing');
  await chat.shows([greeting, 'user: nothing', 'assistant: The handbook says nothing about that.']);
  await chat.stepHead('think').click();
  const text = () => chat.page.locator('.step').filter({ has: chat.stepHead(handbook) }).first().innerText();
  await until('the reason is there', text, (seen) => seen.includes('Something went wrong.') || seen.includes('no page fits'));
  await chat.picture('steps-error');
});

withOurUi('steps', 'a stopped step keeps what it has', async ({ chat }) => {
  await chat.shows([greeting]);
  await chat.send('step');
  await chat.stepHead('think').click();
  const body = chat.page.locator('.step').filter({ has: chat.stepHead('think') }).last();
  await until('it thinks', () => body.innerText(), (text) => text.includes('I read'));
  await chat.stop();
  await chat.idle();
  assert.match(await body.innerText(), /I read/);
  assert.equal(await chat.page.locator('.step[aria-busy=true]').count(), 0);
});

withOurUi('steps', 'a reloaded page shows the steps', async ({ chat }) => {
  await chat.shows([greeting]);
  await chat.send('step');
  await chat.shows([greeting, 'user: step', answered]);
  await chat.page.reload();
  await chat.shows([greeting, 'user: step', answered]);
  await chat.stepHead('think').click();
  await until('the thoughts are there', () => chat.page.locator('.step').allInnerTexts(), (texts) => texts.join().includes('seems to fit'));
});

const cot = (mode) => ({ files: { '.chainlit/config.toml': `[UI]\ncot = "${mode}"\n` } });

withEachFrontend(
  'steps',
  'with `tool_call` only tools are shown',
  async ({ chat }) => {
    await chat.shows([greeting]);
    await chat.send('step');
    await chat.shows([greeting, 'user: step', answered]);
    await chat.stepHead(handbook).waitFor();
    assert.equal(await chat.stepHead('look_up').count(), 0);
    assert.equal(await chat.stepHead('think').count(), 0);
  },
  cot('tool_call'),
);

withEachFrontend(
  'steps',
  'with `hidden` no step is shown',
  async ({ chat }) => {
    await chat.shows([greeting]);
    await chat.send('step');
    await chat.shows([greeting, 'user: step', answered]);
    for (const name of [handbook, 'look_up', 'think']) assert.equal(await chat.stepHead(name).count(), 0, name);
  },
  cot('hidden'),
);

withEachFrontend('show', 'a step shows elements', async ({ chat }) => {
  await chat.send('step');
  await chat.shows(['user: step', 'assistant: Drawn.']);
  const drawn = chat.page.locator('.step').filter({ has: chat.stepHead('draw') }).first().locator(pictures);
  await until('the picture is there', () => drawn.first().evaluate((image) => image.complete && image.naturalWidth > 0));
  await chat.picture('steps-element');
});
