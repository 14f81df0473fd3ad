// The cable is pulled in the middle of an answer: with both frontends, over each transport.

import assert from 'node:assert/strict';

import { Proxy } from '../harness/proxy.mjs';
import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const GREETING = 'assistant: Hello! I repeat what you write, one word at a time.';

/** What a browser says to the developer about a connection that was taken away. */
const GONE = [/WebSocket connection to .* failed/, /net::ERR_/, /Failed to load resource/, /xhr poll error/, /Failed to fetch/];

/** Chainlit's frontend waits up to five seconds before it comes back, and longer the second time. */
const PATIENCE = 30_000;

const WAYS = { websocket: '["websocket"]', polling: '["polling"]', 'polling, then websocket': null };

for (const [way, transports] of Object.entries(WAYS)) {
  const config = transports === null ? '' : `transports = ${transports}\n`;
  const options = {
    through: (server) => Proxy.to(server.port),
    files: { '.chainlit/config.toml': `[project]\n${config}` },
  };
  const words = Array.from({ length: 120 }, (_, n) => `w${n}`);
  const answer = `assistant: ${words.join(' ')}`;
  const wentThatWay = (door) => {
    if (way === 'polling') assert.equal(door.upgrades, 0, 'no WebSocket was asked for');
    else assert.ok(door.upgrades > 1, 'each connection came to be a WebSocket');
  };

  withEachFrontend(
    'streaming',
    `an answer that is cut while it grows comes whole over ${way}`,
    async ({ chat, door, expect }) => {
      expect(...GONE);
      await chat.shows([GREETING]);
      await chat.send(words.join(' '));
      await until(
        'the answer has begun',
        () => chat.transcript(),
        (seen) => (seen[2] ?? '').startsWith('assistant: w0 w1 w2 w3'),
      );
      door.cut();
      door.mend();
      await until(
        'the answer is whole',
        async () => {
          const seen = await chat.transcript();
          assert.ok(answer.startsWith(seen[2] ?? ''), `words are missing or doubled: ${seen[2]}`);
          return seen;
        },
        (seen) => seen[2] === answer,
        PATIENCE,
      );
      await chat.idle(PATIENCE);
      await chat.send('and on');
      await chat.shows([GREETING, `user: ${words.join(' ')}`, answer, 'user: and on', 'assistant: and on']);
      wentThatWay(door);
    },
    options,
  );

  withEachFrontend(
    'streaming',
    `an answer that ended while nobody was there is whole over ${way}`,
    async ({ chat, door, server, another, expect }) => {
      expect(...GONE);
      const few = words.slice(0, 40).join(' ');
      await chat.shows([GREETING]);
      await chat.send(few);
      await until('the answer has begun', () => chat.transcript(), (seen) => /^assistant: w0 w1/.test(seen[2] ?? ''));
      door.cut();
      // Another visitor gives the same order later and has its answer: by then the first answer is over.
      const other = await another(server.url);
      await other.shows([GREETING]);
      await other.send(few);
      await other.shows([GREETING, `user: ${few}`, `assistant: ${few}`]);
      door.mend();
      await chat.shows([GREETING, `user: ${few}`, `assistant: ${few}`], PATIENCE);
      await chat.idle(PATIENCE);
      wentThatWay(door);
    },
    options,
  );
}
