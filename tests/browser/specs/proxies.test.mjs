// Proxies that let no WebSocket through: the chat goes by long-polling.

import assert from 'node:assert/strict';

import { Proxy } from '../harness/proxy.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';

const GREETING = 'assistant: Hello! Write something and I will repeat it.';

/** What a browser says to the developer about a WebSocket that did not come about. */
const REFUSED = [/WebSocket connection to .* failed/];

for (const [upgrade, title] of Object.entries({ refuse: 'answers 400 to', close: 'hangs up on' })) {
  withEachFrontend(
    'hello',
    `goes on behind a proxy that ${title} each WebSocket`,
    async ({ chat, door, expect }) => {
      expect(...REFUSED);
      await chat.shows([GREETING], 30_000);
      await chat.send('one');
      await chat.shows([GREETING, 'user: one', 'assistant: You said: one']);
      await chat.idle();
      await chat.send('two');
      await chat.shows([GREETING, /./, /./, 'user: two', 'assistant: You said: two']);
      assert.ok(door.upgrades > 0, 'a WebSocket was asked for');
    },
    { through: (server) => Proxy.to(server.port, { upgrade }) },
  );
}

withOurUi(
  'hello',
  'goes on behind a proxy that swallows each request for a WebSocket',
  async ({ chat, door, expect }) => {
    expect(...REFUSED);
    assert.equal(door.upgrades, 1, 'a WebSocket was asked for');
    // The page gives up on a handshake that takes so long.
    await chat.page.clock.fastForward(21_000);
    await chat.shows([GREETING], 20_000);
    await chat.send('one');
    await chat.shows([GREETING, 'user: one', 'assistant: You said: one']);
  },
  {
    through: (server) => Proxy.to(server.port, { upgrade: 'ignore' }),
    arrive: async (chat) => {
      await chat.page.clock.install();
      await chat.open();
      await chat.page.locator('.connection .banner').waitFor();
    },
  },
);
