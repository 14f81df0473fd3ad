import assert from 'node:assert/strict';

import { withEachFrontend } from '../harness/scenario.mjs';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const ANSWER = new RegExp(`session: (${UUID}) (?:- )?thread: (${UUID}) (?:- )?user: nobody (?:- )?environment: empty$`);

withEachFrontend('context', 'knows the session it runs in', async ({ chat, another }) => {
  const ids = async (page) => {
    await page.send('who am I');
    const [, answer] = await page.shows(['user: who am I', ANSWER]);
    return ANSWER.exec(answer).slice(1);
  };
  const [session, thread] = await ids(chat);
  assert.notEqual(session, thread);
  const [otherSession, otherThread] = await ids(await another());
  assert.notEqual(otherSession, session);
  assert.notEqual(otherThread, thread);
});
