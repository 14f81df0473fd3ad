// A conversation of more messages than the document holds at a time.

import assert from 'node:assert/strict';

import { withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const LINES = 600;
/** Messages in the document at most, with a page of them that is about to leave. */
const MOST = 280;

/** Goes up or down picture by picture until the end, and gives the first line in sight of each picture. */
async function walk(page, step) {
  return page.evaluate(async (step) => {
    const scroller = document.querySelector('main');
    const numbers = [];
    let most = 0;
    for (let still = 0; still < 30; ) {
      const before = scroller.scrollTop;
      scroller.scrollTop += step;
      still = scroller.scrollTop === before ? still + 1 : 0;
      await new Promise(requestAnimationFrame);
      const rows = [...document.querySelectorAll('.ai-message')];
      most = Math.max(most, rows.length);
      const top = scroller.getBoundingClientRect().top;
      const first = rows.find((row) => row.getBoundingClientRect().bottom > top);
      const number = /Line (\d+)\./.exec(first?.textContent ?? '')?.[1];
      if (number !== undefined) numbers.push(Number(number));
    }
    return { numbers, most };
  }, step);
}

/** No line comes twice in another order, none is jumped over. */
function assertSteady(numbers, direction) {
  for (const [at, number] of numbers.entries()) {
    const by = at === 0 ? 0 : (number - numbers[at - 1]) * direction;
    assert.ok(by >= 0 && by <= 12, `from line ${numbers[at - 1]} to ${number}`);
  }
}

const filled = async (chat) => {
  await chat.send('many');
  await chat.idle(30_000);
  await until('the last line', () => chat.answers.last().textContent(), (text) => text.includes(`Line ${LINES}.`));
};

withOurUi('show', 'a reader goes up to the first of many messages and down again', async ({ chat }) => {
  await filled(chat);
  const up = await walk(chat.page, -300);
  assertSteady(up.numbers, -1);
  assert.equal(up.numbers.at(-1), 1);
  assert.ok(up.most <= MOST, `${up.most} messages in the document`);

  const down = await walk(chat.page, 300);
  assertSteady(down.numbers, 1);
  assert.ok(down.most <= MOST, `${down.most} messages in the document`);
  const shown = await chat.answers.last().textContent();
  assert.ok(shown.includes(`Line ${LINES}.`), shown);
});

withOurUi('show', 'who jumps into the middle of many messages, or to their end, sees them', async ({ chat }) => {
  await filled(chat);
  await walk(chat.page, -600);
  const inSight = () =>
    chat.page.evaluate(() => {
      const { top, bottom } = document.querySelector('main').getBoundingClientRect();
      const rows = [...document.querySelectorAll('.ai-message')].map((row) => [row, row.getBoundingClientRect()]);
      const seen = rows.filter(([, rect]) => rect.top < bottom && rect.bottom > top);
      return Number(/Line (\d+)\./.exec(seen[0]?.[0].textContent ?? '')?.[1] ?? 0);
    });
  await chat.page.evaluate(() => {
    const scroller = document.querySelector('main');
    scroller.scrollTop = scroller.scrollHeight * 0.6;
  });
  await until('lines beyond the first ones', inSight, (number) => number > 250 && number < 500);

  await chat.page.locator('.to-newest').click();
  await until('the last lines', inSight, (number) => number > LINES - 30);
});

withOurUi('show', 'a step that a reader has unfolded stays so while they look at what was before', async ({ chat }) => {
  await filled(chat);
  await chat.send('step');
  await chat.idle();
  await chat.stepHead('draw').waitFor();
  await walk(chat.page, -600);
  assert.equal(await chat.stepHead('draw').getAttribute('aria-expanded'), 'true');
});
