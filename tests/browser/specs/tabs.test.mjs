import { Chat } from '../pages/chat.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';

withEachFrontend('streaming', 'two users at once each get their own answer, whole', async ({ chat, another }) => {
  const greeting = 'assistant: Hello! I repeat what you write, one word at a time.';
  const other = await another();
  await chat.shows([greeting]);
  await other.shows([greeting]);
  const words = (letter) => Array.from({ length: 60 }, (_, n) => `${letter}${n}`).join(' ');
  await Promise.all([chat.send(words('a')), other.send(words('b'))]);
  await Promise.all([
    chat.shows([greeting, `user: ${words('a')}`, `assistant: ${words('a')}`]),
    other.shows([greeting, `user: ${words('b')}`, `assistant: ${words('b')}`]),
  ]);
});

withOurUi('counter', 'a copied tab is a chat of its own, and neither disturbs the other', async ({ chat }) => {
  const greeting = "assistant: Hi! I'll count how many messages you send.";
  await chat.shows([greeting]);
  await chat.send('a');
  await chat.shows([greeting, 'user: a', 'assistant: a: you have sent 1 message(s)!']);
  await chat.idle();
  // A page opened by another one is born with a copy of its session storage, as a duplicated tab is.
  const opened = chat.page.context().waitForEvent('page');
  await chat.page.evaluate(() => window.open(location.href));
  const copy = new Chat(await opened, chat);
  await copy.ready();
  await copy.shows([greeting]);
  await copy.send('b');
  await copy.shows([greeting, 'user: b', 'assistant: b: you have sent 1 message(s)!']);
  await chat.send('c');
  await chat.shows([greeting, /./, /./, 'user: c', 'assistant: c: you have sent 2 message(s)!']);
  await copy.shows([greeting, 'user: b', 'assistant: b: you have sent 1 message(s)!']);
});
