// The agent example: what its model and its tools do is seen as steps.

import { agent } from '../harness/places.mjs';
import { PlayedModel } from '../harness/model.mjs';
import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

/** Asks the calculator once, then says what it gave. */
const played = () =>
  PlayedModel.start((messages) => {
    const { role, content } = messages.at(-1);
    if (role !== 'tool') return [{ call: 'calculator', arguments: { a: 6, operator: '*', b: 7 } }];
    return ['It is ', typeof content === 'string' ? content : content[0].text, '.'];
  });

withEachFrontend(
  'agent',
  'a tool that the model calls is a step between question and answer',
  async ({ chat }) => {
    await chat.send('What is 6 times 7?');
    await until('the answer', () => chat.transcript(), (seen) => /^assistant: It is 42(\.0)?\.$/.test(seen.at(-1)));
    await chat.idle();
    await chat.stepHead('invoke_agent assistant').click();
    await chat.stepHead('calculator').waitFor();
    await chat.picture('agent');
  },
  { program: agent, prepare: played },
);
