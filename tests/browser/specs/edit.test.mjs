import { Proxy } from '../harness/proxy.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

const GREETING = 'assistant: Hello! Write something and I will repeat it.';

withEachFrontend('hello', 'answers an edited message anew and drops what came after', async ({ chat }) => {
  await chat.shows([GREETING]);
  await chat.send('one');
  await chat.shows([GREETING, 'user: one', 'assistant: You said: one']);
  await chat.send('two');
  await chat.shows([GREETING, 'user: one', 'assistant: You said: one', 'user: two', 'assistant: You said: two']);
  await chat.idle();
  await chat.edit(0, 'uno');
  await chat.shows([GREETING, 'user: uno', 'assistant: You said: uno']);
  await chat.send('three');
  await chat.shows([GREETING, 'user: uno', 'assistant: You said: uno', 'user: three', 'assistant: You said: three']);
});

const COUNTER = "assistant: Hi! I'll count how many messages you send.";
const counted = (text, n) => `assistant: ${text}: you have sent ${n} message(s)!`;

/** What a browser says to the developer about a connection that was taken away. */
const GONE = [/WebSocket connection to .* failed/, /net::ERR_(CONNECTION|SOCKET|EMPTY)/];

const through = (server) => Proxy.to(server.port);

async function twoAnswers(chat) {
  await chat.shows([COUNTER]);
  await chat.send('one');
  await chat.shows([COUNTER, 'user: one', counted('one', 1)]);
  await chat.send('two');
  await chat.shows([COUNTER, 'user: one', counted('one', 1), 'user: two', counted('two', 2)]);
  await chat.idle();
}

/** The edit is answered once, and the conversation goes on from there. */
async function goesOn(chat) {
  const edited = [COUNTER, 'user: uno', counted('uno', 3)];
  await chat.shows(edited, 20_000);
  await chat.idle();
  await chat.send('three');
  await chat.shows([...edited, 'user: three', counted('three', 4)]);
  await chat.idle();
  // The server tells the same story to a page that has nothing.
  await chat.page.reload();
  await chat.shows([...edited, 'user: three', counted('three', 4)]);
}

withOurUi(
  'counter',
  'an edit that a dead connection swallowed arrives when there is another one',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    await twoAnswers(chat);
    door.swallow('server');
    await chat.edit(0, 'uno');
    await chat.shows([COUNTER, 'user: uno']);
    door.cut();
    await chat.page.locator('.queued').waitFor();
    await chat.picture('edit-waits');
    door.mend();
    await goesOn(chat);
  },
  { through },
);

withOurUi(
  'counter',
  'an edit that arrived, and nobody heard of it, is not made twice',
  async ({ chat, door, server, expect, another }) => {
    expect(...GONE);
    await twoAnswers(chat);
    door.swallow('browser');
    await chat.edit(0, 'uno');
    await chat.shows([COUNTER, 'user: uno']);
    // Somebody else is answered later: by then the edit is, too.
    const other = await another(server.url);
    await other.shows([COUNTER]);
    await other.send('later');
    await other.shows([COUNTER, 'user: later', counted('later', 1)]);
    door.cut();
    await chat.page.locator('.queued').waitFor();
    door.mend();
    await goesOn(chat);
  },
  { through },
);

withOurUi(
  'counter',
  'an edit that is made while the connection is away is sent when it is back',
  async ({ chat, door, expect }) => {
    expect(...GONE);
    await twoAnswers(chat);
    door.cut();
    await chat.page.locator('.connection .banner').waitFor();
    await chat.edit(0, 'uno');
    await until('the page says that it waits', () => chat.page.locator('.queued').count(), (notes) => notes === 1);
    door.mend();
    await goesOn(chat);
  },
  { through },
);
