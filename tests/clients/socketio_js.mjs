// Talks to an example application with socket.io-client, as @chainlit/react-client does it.
//
// usage: node socketio_js.mjs BASE_URL SCENARIO TRANSPORT
//
// SCENARIO is a name in `scenarios` below, TRANSPORT one in `TRANSPORTS`. Ends with 0 when everything came as it should.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { io } from 'socket.io-client';

import { Proxy } from '../browser/harness/proxy.mjs';

const PATIENCE = 10_000;

const [base, scenario, transport] = process.argv.slice(2);

const TRANSPORTS = {
  websocket: ['websocket'],
  polling: ['polling'],
  // Begins with polling and moves.
  default: undefined,
};

/** One connection that keeps every event in the order it came. */
class Client {
  static all = [];

  events = [];
  #waiting = new Set();

  constructor(base, auth, options = {}) {
    this.socket = io(base, {
      path: '/ws/socket.io',
      ...(TRANSPORTS[transport] && { transports: TRANSPORTS[transport] }),
      reconnection: false,
      forceNew: true,
      auth,
      ...options,
    });
    Client.all.push(this);
    this.socket.onAny((name, ...args) => {
      const ack = typeof args.at(-1) === 'function' ? args.pop() : null;
      this.events.push({ name, data: args[0], ack });
      for (const check of this.#waiting) check();
    });
  }

  /** Waits until Socket.IO says that the connection was accepted. */
  connect() {
    return within(() => 'the connection', (done, fail) => {
      this.socket.once('connect', done);
      this.socket.once('connect_error', fail);
    });
  }

  /** Waits until the transport is the one that was asked for, and for the move to it. */
  async settled() {
    const wanted = transport === 'polling' ? 'polling' : 'websocket';
    const { engine } = this.socket.io;
    await within(() => `the transport ${wanted}; it is ${engine.transport.name}`, (done) => {
      if (engine.transport.name === wanted) done();
      else engine.once('upgrade', done);
    });
    assert.equal(engine.transport.name, wanted);
  }

  /** Waits until the connection is refused and gives the reason. */
  refusal() {
    return within(() => 'a refusal', (done, fail) => {
      this.socket.once('connect_error', (error) => done(error.message));
      this.socket.once('connect', () => fail(new Error('accepted')));
    });
  }

  /** Waits for an event with that name among those that came after the first `from` ones. */
  event(name, from = 0, fits = () => true) {
    return within(() => `event ${name}; there were ${this.names(from).join(', ')}`, (done) => {
      const check = () => {
        const found = this.events.slice(from).find((event) => event.name === name && fits(event.data));
        if (!found) return;
        this.#waiting.delete(check);
        done(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Names of the events after the first `from`, a message with its text, without the unordered one. */
  names(from = 0) {
    return this.events
      .slice(from)
      .filter(({ name }) => name !== 'first_interaction')
      .map(({ name, data }) => {
        if (!data?.type) return name;
        return data.type === 'run' ? `${name} run ${data.name}` : `${name} ${data.output}`;
      });
  }

  close() {
    this.socket.disconnect();
  }
}

function within(what, start) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not within ${PATIENCE / 1000} s: ${what()}`)), PATIENCE);
    const settle = (act) => (value) => {
      clearTimeout(late);
      act(value);
    };
    start(settle(resolve), settle(reject));
  });
}

/** The greetings that came, as the messages they are. */
function greeting(client) {
  return client.events.map(({ data }) => data).filter((data) => data?.output === GREETING);
}

function credentials(sessionId = randomUUID()) {
  return { sessionId, clientType: 'webapp', threadId: '', userEnv: '{}', chatProfile: '' };
}

async function join(base, auth) {
  const client = new Client(base, auth);
  await client.connect();
  assert.deepEqual(client.events, [], 'the server says nothing before connection_successful');
  client.socket.emit('connection_successful');
  return client;
}

function userMessage(output) {
  return {
    threadId: '',
    id: randomUUID(),
    name: 'User',
    type: 'user_message',
    output,
    createdAt: new Date().toISOString(),
    metadata: { location: 'http://127.0.0.1/' },
  };
}

const CONNECTED = ['task_end', 'clear_ask', 'clear_call_fn'];
const GREETING = 'Hello! Write something and I will repeat it.';
const GREETED = [
  'task_start',
  'new_message run on_chat_start',
  `new_message ${GREETING}`,
  'update_message run on_chat_start',
  'task_end',
];

async function greeted(client) {
  await client.event('task_end', CONNECTED.length);
  assert.deepEqual(client.names(), [...CONNECTED, ...GREETED]);
}

async function exchange(client, text) {
  const from = client.events.length;
  const message = userMessage(text);
  client.socket.emit('client_message', { message, fileReferences: null });
  await client.event('task_end', from);
  assert.deepEqual(client.names(from), [
    'task_start',
    'new_message run on_message',
    `new_message You said: ${text}`,
    'update_message run on_message',
    'task_end',
  ]);
  return { message, events: client.events.slice(from) };
}

const scenarios = {
  /** Greeting, a message, its answer below the run, the run below the message. */
  async hello(base) {
    const client = await join(base, credentials());
    await greeted(client);
    const { message, events } = await exchange(client, 'one');
    const first = await client.event('first_interaction');
    assert.equal(first.data.interaction, 'one');
    const [run, answer] = events.filter(({ name }) => name === 'new_message').map(({ data }) => data);
    assert.equal(run.parentId, message.id);
    assert.equal(answer.parentId, run.id);
    assert.equal(answer.threadId, first.data.thread_id);
    assert.equal(answer.type, 'assistant_message');
    const closed = events.find(({ name }) => name === 'update_message').data;
    assert.equal(closed.id, run.id);
    assert.equal(closed.input, 'one');
    assert.ok(closed.end);
    await client.settled();
    await exchange(client, 'two');
    assert.equal(client.events.filter(({ name }) => name === 'first_interaction').length, 1);
    client.close();
  },

  /** The same session id again: no second greeting, the session's data still there. */
  async reconnect(base) {
    const auth = credentials();
    const before = await join(base, auth);
    await greeted(before);
    await exchange(before, 'one');
    before.socket.io.engine.close();
    const after = await join(base, auth);
    await after.event('clear_call_fn');
    after.socket.emit('client_message', { message: userMessage('two'), fileReferences: null });
    const answer = await after.event('new_message', 0, ({ output }) => output === 'You said: two');
    await after.event('task_end', after.events.indexOf(answer));
    assert.equal(answer.data.threadId, greeting(before)[0].threadId);
    const again = greeting(after).filter(({ id }) => id !== greeting(before)[0].id);
    assert.deepEqual(again, [], 'nobody is greeted twice');
    after.close();
  },

  /** A cut in the middle of a stream: the same socket comes back by itself and misses nothing, gets nothing twice. */
  async cut(base) {
    const proxy = await Proxy.to(new URL(base).port);
    const client = new Client(proxy.url, credentials(), { reconnection: true, reconnectionDelay: 50 });
    await client.connect();
    client.socket.emit('connection_successful');
    await client.event('task_end', CONNECTED.length);
    const from = client.events.length;
    const words = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
    client.socket.emit('client_message', { message: userMessage(words), fileReferences: null });
    for (const last of ['word5 ', 'word25 ', 'word45 ']) {
      await client.event('stream_token', from, ({ token }) => token === last);
      const gone = new Promise((done) => client.socket.once('disconnect', done));
      const { id } = client.socket;
      proxy.cut();
      await gone;
      // The stream goes on while nobody listens.
      setTimeout(() => proxy.mend(), 150);
      await within(() => 'another connection', (done) => client.socket.once('connect', done));
      assert.equal(client.socket.recovered, true);
      assert.notEqual(client.socket.id, id);
      client.socket.emit('connection_successful');
    }
    await client.event('task_end', from);
    const events = client.events.slice(from);
    const pieces = events.filter(({ name }) => name === 'stream_start' || name === 'stream_token');
    assert.equal(pieces.map(({ data }) => data.token ?? data.output).join(''), words);
    assert.deepEqual(
      client.names(from).filter((name) => !name.startsWith('stream_token')),
      [
        'task_start',
        'new_message run on_message',
        'stream_start word0 ',
        `update_message ${words}`,
        'update_message run on_message',
        'task_end',
      ],
    );
    client.close();
    await proxy.close();
  },

  /** An ask is answered by the acknowledgement of its event. */
  async ask(base) {
    const client = await join(base, credentials());
    const ask = await client.event('ask');
    assert.equal(ask.data.msg.output, 'What is your name?');
    assert.equal(ask.data.spec.type, 'text');
    assert.equal(ask.data.spec.step_id, ask.data.msg.id);
    assert.equal(ask.data.spec.timeout, 120);
    const from = client.events.length;
    ask.ack({ ...userMessage('Ada'), parentId: ask.data.msg.parentId });
    await client.event('update_message', from);
    await client.event('task_end', from + 1);
    assert.deepEqual(client.names(from), [
      'task_end',
      'clear_ask',
      'task_start',
      'new_message Nice to meet you, Ada!',
      'update_message run on_chat_start',
      'task_end',
    ]);
    client.close();
  },

  /** A connection that can't be a session is refused in words, not left waiting. */
  async refused(base) {
    const { sessionId, ...anonymous } = credentials();
    for (const auth of [anonymous, {}, undefined, { ...credentials(), userEnv: 'no json' }]) {
      const client = new Client(base, auth);
      assert.notEqual(await client.refusal(), '', `a reason for ${JSON.stringify(auth)}`);
      client.close();
    }
    await greeted(await join(base, credentials(sessionId)));
  },
};

if (!base || !scenarios[scenario] || !(transport in TRANSPORTS)) {
  const names = [scenarios, TRANSPORTS].map((table) => Object.keys(table).join('|'));
  console.error(`usage: node socketio_js.mjs BASE_URL ${names.join(' ')}`);
  process.exit(2);
}
await scenarios[scenario](base);
console.log(`socket.io-client ${scenario}, ${transport}: as it should be`);
// The process ends when the goodbyes are said.
for (const client of Client.all) client.close();
