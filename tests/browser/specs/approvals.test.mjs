// Buttons that stay with their message until one of them is pressed.

import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const button = (chat, question, name) => chat.page.locator('.step').filter({ hasText: question }).getByRole('button', { name });

withEachFrontend('approvals', 'each order is decided on its own, in any order', async ({ chat }) => {
  const asked = [];
  for (const what of ['chairs', 'a lamp']) {
    await chat.send(what);
    asked.push(`user: ${what}`, `assistant: Shall I order ${what}?`);
    await chat.shows(asked);
    await chat.idle();
  }
  await chat.picture('approvals');
  await button(chat, 'Shall I order a lamp?', 'Reject').click();
  await chat.shows([...asked, 'assistant: Dropped: a lamp.']);
  const left = () => chat.page.getByRole('button', { name: /^(Approve|Reject)$/ }).count();
  await until('its buttons are gone', left, (count) => count === 2);
  await button(chat, 'Shall I order chairs?', 'Approve').click();
  await until('the other one is decided', () => chat.transcript(), (seen) => seen.includes('assistant: Ordered: chairs.'));
  await until('no button is left', left, (count) => count === 0);
});
