import { withEachFrontend } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

withEachFrontend('stop', 'ends a long task, cleans up, and goes on', async ({ chat }) => {
  const counting = (running) => `assistant: Tasks still running: ${running}. Counting to 1000, press stop to interrupt.`;
  await chat.send('go');
  await until('some numbers', () => chat.transcript(), (seen) => /^assistant: 1 2 3/.test(seen[2] ?? ''));
  await chat.picture('stop-running');
  await chat.stop();
  await until('the answer of on_stop', () => chat.transcript(), (seen) => seen.includes('assistant: I stopped counting.'));
  const stopped = (await chat.transcript())[2];
  await chat.send('again');
  await until('the next run', () => chat.transcript(), (seen) => seen.filter((line) => line === counting(0)).length === 2);
  await until('it counts from the start', () => chat.transcript(), (seen) => /^assistant: 1 2/.test(seen.at(-1)));
  await until('the stopped answer stands still', () => chat.transcript(), (seen) => seen[2] === stopped);
  await chat.stop();
  await chat.idle();
});
