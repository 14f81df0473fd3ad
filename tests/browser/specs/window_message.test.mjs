// The chat in a frame of another page: what the two tell each other.

import { withEachFrontend } from '../harness/scenario.mjs';
import { Chat } from '../pages/chat.mjs';

const framed = (chat) => new Chat(chat.page.frameLocator('iframe'), chat);

withEachFrontend(
  'window_message',
  'the chat tells the shop what to show, and the shop tells the chat what is looked at',
  async ({ chat }) => {
    const inside = framed(chat);
    const looksAt = (name) => chat.page.getByRole('button', { name, pressed: true }).waitFor();
    // The answer shows that the frame has its connection: what the shop says before is not kept.
    await inside.send('Do you have a lamp?');
    const found = ['user: Do you have a lamp?', 'assistant: Have a look at the lamp.'];
    await inside.shows(found);
    await looksAt('Lamp');
    await chat.page.getByRole('button', { name: 'Chair' }).click();
    await looksAt('Chair');
    await inside.shows([...found, 'assistant: The chair is 90 €. Shall I tell you more?']);
  },
  {
    arrive: async (chat) => {
      await chat.page.goto(`${chat.url}/public/shop.html`);
      await framed(chat).ready();
    },
  },
);
