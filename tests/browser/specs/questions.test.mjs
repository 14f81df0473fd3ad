import assert from 'node:assert/strict';

import { barriers } from '../harness/axe.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';
import { Composer, textFile } from '../pages/composer.mjs';

const FIELD = '#ask-button-input';
const WHICH = 'assistant: Which texts shall I count?';

withEachFrontend('ask_file', 'files that were asked for are the answer, and again', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.shows([WHICH]);
  await chat.page.locator('#ask-upload-button').waitFor();
  await chat.picture('ask_file');
  await composer.choose([textFile('a.txt', 'one two\nthree'), textFile('b.txt', 'x')], FIELD);
  await until('both are counted', () => chat.transcript(), (seen) =>
    ['a.txt: 2 lines, 3 words', 'b.txt: 1 lines, 1 words'].every((line) => seen.some((one) => one.includes(line))),
  );
  await chat.idle();
  await chat.picture('ask_file-answered');
  assert.equal(await chat.page.locator('#ask-upload-button').count(), 0, 'the question is over');
  await chat.send('again');
  await chat.page.locator('#ask-upload-button').waitFor();
  await composer.choose([textFile('c.txt', 'y z')], FIELD);
  await until('it is counted', () => chat.transcript(), (seen) => seen.some((one) => one.includes('c.txt: 1 lines, 2 words')));
});

const QUESTIONS = [
  ['ask_file', '#ask-upload-button', (chat) => new Composer(chat).choose([textFile('a.txt', 'a')], FIELD)],
  ['ask_action', '.actions button', (chat) => chat.page.locator('.actions button').first().click()],
  ['ask_element', '#ticket-send', (chat) => chat.page.locator('#ticket-cancel').click()],
];
for (const [example, opening, answer] of QUESTIONS) {
  withOurUi(example, 'an open question is no barrier', async ({ chat }) => {
    if (example !== 'ask_file') await chat.send('Tea');
    await chat.page.locator(opening).first().waitFor();
    assert.deepEqual(await barriers(chat.page), []);
    // A server that goes down would wait for the answer.
    await answer(chat);
    await until('the question is over', () => chat.page.locator('.ask').count(), (count) => count === 0);
  });
}

withOurUi('ask_file', 'only what was asked for is taken, also when it is dropped', async ({ chat }) => {
  const composer = new Composer(chat);
  await chat.shows([WHICH]);
  const notice = chat.page.locator('.ask');
  await until('the limits are told', () => notice.innerText(), (text) => /At most 3 files.*1 MB/s.test(text));
  await composer.drop(textFile('p.png', 'x', 'image/png'));
  await composer.isTold(/p\.png: this type of file is not accepted/);
  await composer.drop(textFile('large.txt', 'x'.repeat(1024 * 1024 + 1)));
  await composer.isTold(/large\.txt: larger than 1 MB/);
  await composer.drop(textFile('ok.txt', 'x'));
  await chat.shows([WHICH, /ok\.txt: 1 lines, 1 words/]);
});

withOurUi('ask_file', 'the question is still there after a reload', async ({ chat }) => {
  await chat.shows([WHICH]);
  await chat.page.locator('#ask-upload-button').waitFor();
  await chat.page.reload();
  await chat.shows([WHICH]);
  await chat.page.locator('#ask-upload-button').waitFor();
  await new Composer(chat).choose([textFile('a.txt', 'one')], FIELD);
  await chat.shows([WHICH, /a\.txt: 1 lines, 1 words/]);
});

const answers = (chat, name) => chat.page.getByRole('button', { name, exact: true });

withEachFrontend('ask_action', 'one of the offered answers is chosen', async ({ chat }) => {
  await chat.send('Tea');
  const asked = ['user: Tea', /^assistant: Tea, which size\?/];
  await chat.shows(asked);
  await answers(chat, 'Large, a straw').waitFor();
  await chat.picture('ask_action');
  await answers(chat, 'Large, a straw').click();
  await until('the order is told', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: A large Tea with a straw.');
  assert.equal(await answers(chat, 'Small').count(), 0, 'the answers are gone with the question');
  await chat.idle();
  await chat.send('Water');
  await answers(chat, 'Small').click();
  await until('the order is told', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: A small Water.');
});

withOurUi('ask_action', 'the answers are reached by keyboard, and survive a reload', async ({ chat }) => {
  await chat.send('Tea');
  await chat.page.getByRole('button', { name: 'To the answers' }).click();
  await chat.page.reload();
  await answers(chat, 'Medium').waitFor();
  await chat.page.getByRole('button', { name: 'To the answers' }).click();
  const focused = () => chat.page.evaluate(() => document.activeElement?.textContent);
  await until('the first answer has the focus', focused, (text) => text === 'Small');
  await chat.page.keyboard.press('Tab');
  await chat.page.keyboard.press('Enter');
  await until('the order is told', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: A Tea.');
});

withOurUi('ask_action', 'an open question ends with its chat', async ({ chat }) => {
  await chat.send('Tea');
  await answers(chat, 'Small').waitFor();
  await chat.newChat();
  await chat.send('Milk');
  await answers(chat, 'Small').click();
  await chat.shows(['user: Milk', 'assistant: Selected: Small', 'assistant: A small Milk.']);
});

withEachFrontend('approvals', 'buttons stay and work in any order', async ({ chat }) => {
  for (const what of ['ink', 'paper']) {
    await chat.send(what);
    await until('the question', () => chat.transcript(), (seen) => seen.at(-1).includes(`Shall I order ${what}?`));
  }
  await chat.idle();
  await chat.picture('approvals');
  await answers(chat, 'Reject').last().click();
  await until('it is dropped', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: Dropped: paper.');
  await until('its buttons are gone', () => answers(chat, 'Approve').count(), (count) => count === 1);
  await answers(chat, 'Approve').click();
  await until('it is ordered', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: Ordered: ink.');
  await until('no buttons are left', () => answers(chat, 'Approve').count(), (count) => count === 0);
});

withOurUi('approvals', 'buttons work after a reload', async ({ chat }) => {
  await chat.send('ink');
  await answers(chat, 'Approve').waitFor();
  await chat.page.reload();
  await answers(chat, 'Approve').click();
  await until('it is ordered', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: Ordered: ink.');
});

withEachFrontend('ask_element', 'a form of the application is filled in', async ({ chat }) => {
  const { page } = chat;
  await chat.send('No ink');
  await page.locator('#ticket-title').waitFor();
  assert.equal(await page.locator('#ticket-title').inputValue(), 'No ink');
  await chat.picture('ask_element');
  await page.locator('#ticket-title').fill('No paper');
  await page.locator('#ticket-urgent').click();
  await page.locator('#ticket-send').click();
  await until('the ticket is told', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: “No paper” is at the top of the list.');
  await until('the form is gone', () => page.locator('#ticket-title').count(), (count) => count === 0);
});

withEachFrontend('ask_element', 'a form is put away', async ({ chat }) => {
  await chat.send('No ink');
  await chat.page.locator('#ticket-cancel').click();
  await until('that is told', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: Nothing is noted.');
});

withOurUi('ask_element', 'a form is there again after a reload', async ({ chat }) => {
  await chat.send('No ink');
  await chat.page.locator('#ticket-send').waitFor();
  await chat.page.reload();
  await chat.page.locator('#ticket-send').click();
  await until('the ticket is told', () => chat.transcript(), (seen) => seen.at(-1) === 'assistant: “No ink” is noted.');
});
