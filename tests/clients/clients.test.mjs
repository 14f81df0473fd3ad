// Runs both clients against example applications.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { repository, tools } from '../browser/harness/places.mjs';
import { Server } from '../browser/harness/server.mjs';

const run = promisify(execFile);
const folder = path.join(repository, 'tests', 'clients');

const CLIENTS = {
  'socket.io-client': [process.execPath, path.join(folder, 'socketio_js.mjs')],
  'python-socketio': [
    process.env.CHAINLIT_TEST_PYTHON ?? path.join(tools, 'venv', 'bin', 'python'),
    path.join(folder, 'socketio_py.py'),
  ],
};

/** The clients' own choice is to begin with polling and to move to a WebSocket. */
const TRANSPORTS = ['websocket', 'default', 'polling'];

const SCENARIOS = { hello: 'hello', reconnect: 'hello', cut: 'streaming', refused: 'hello', ask: 'ask_name' };

for (const [client, [program, script]] of Object.entries(CLIENTS)) {
  for (const [scenario, example] of Object.entries(SCENARIOS)) {
    for (const transport of TRANSPORTS) {
      test(`${client}: ${scenario}, ${transport}`, { timeout: 60_000 }, async () => {
        const server = await Server.start(example);
        try {
          await run(program, [script, server.url, scenario, transport], { timeout: 50_000 }).catch((error) => {
            assert.fail(`${error.stdout}${error.stderr}\noutput of ${example}:\n${server.output}`);
          });
        } finally {
          await server.stop();
        }
      });
    }
  }
}
