// Starts one example application as its own process and ends it again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chainlitFrontend, examples } from './places.mjs';
import { until } from './until.mjs';

const READY = /Your app is available at (http:\/\/\S+)/;
const START_PATIENCE = 30_000;
const END_PATIENCE = 10_000;

/**
 * A running example application.
 *
 * `CHAINLIT_TEST_COMMAND` names another program that takes the place of the example binaries: it is given the
 * example's name and the same arguments, and must print the same line once it listens.
 */
export class Server {
  #child;
  #output = '';

  /**
   * @param {string} example
   * @param {{ frontend?: string, env?: Record<string, string>, files?: Record<string, string>, port?: number,
   *   root?: string, program?: string }} [options] `program` is started in place of the example’s binary, `files` are
   *   written into the application’s folder before it starts; `root` is that
   *   folder (a new one that goes away with the server unless given), `port` a port to use again, 0 for a free one.
   */
  static async start(example, options = {}) {
    const server = new Server(example, options);
    await server.#prepare();
    await server.#launch(options.port ?? 0);
    return server;
  }

  /** Use {@link Server.start}. */
  constructor(example, options) {
    this.example = example;
    this.options = options;
  }

  async #prepare() {
    this.root = this.options.root ?? (await mkdtemp(path.join(tmpdir(), `chainlit-${this.example}-`)));
    for (const [name, text] of Object.entries(this.options.files ?? {})) await this.write(name, text);
  }

  /** Writes a file of the application's folder. */
  async write(name, text) {
    const file = path.join(this.root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async #launch(port) {
    const replacement = process.env.CHAINLIT_TEST_COMMAND;
    const program = replacement ?? this.options.program ?? path.join(examples, this.example);
    if (!existsSync(program)) throw new Error(`${program} is missing; build it with: cargo build --examples`);
    const env = { ...process.env, NO_COLOR: '1', ...this.options.env, CHAINLIT_APP_ROOT: this.root };
    if (this.options.frontend === 'chainlit') {
      env.CHAINLIT_UI_DIR = chainlitFrontend;
    }
    const first = replacement ? [this.example] : [];
    this.#child = spawn(program, [...first, '--headless', '--port', String(port)], {
      cwd: this.root,
      env: { ...env, CHAINLIT_TEST_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = this.#child;
    const started = this.#output.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
    }
    const said = () => this.#output.slice(started);
    const line = await until(
      `${this.example} says where it listens`,
      () => READY.exec(said())?.[1] ?? (running(child) ? null : `ended: ${said()}`),
      Boolean,
      START_PATIENCE,
    );
    if (line.startsWith('ended')) throw new Error(`${this.example} ${line}`);
    const address = new URL(line);
    this.port = Number(address.port);
    this.url = `http://127.0.0.1:${this.port}`;
  }

  /** All that the process wrote, standard output and error mixed as they came. */
  get output() {
    return this.#output;
  }

  /** Ends it as a user would with Ctrl+C, and fails when it does not end. The folder goes away if it is ours. */
  async stop() {
    await this.#end('SIGINT');
    if (!this.options.root) await rm(this.root, { recursive: true, force: true });
  }

  /** Tells it to end as a user would; it may finish first what it does. */
  interrupt() {
    this.#child.kill('SIGINT');
  }

  /** Waits until it has ended. */
  async ended() {
    await until(`${this.example} has ended`, () => !running(this.#child));
  }

  /** Ends it as a power cut would; the folder stays. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Starts it again on the port that it had, with the folder that it had. */
  async restart() {
    if (running(this.#child)) throw new Error('still running');
    await this.#launch(this.port);
  }

  async #end(signal) {
    const child = this.#child;
    if (!child || !running(child)) return;
    child.kill(signal);
    const slow = setTimeout(() => child.kill('SIGKILL'), END_PATIENCE);
    await once(child, 'exit');
    clearTimeout(slow);
    if (child.signalCode === 'SIGKILL' && signal !== 'SIGKILL') {
      throw new Error(`${this.example} did not end within ${END_PATIENCE / 1000} s of ${signal}\n${this.#output}`);
    }
  }
}

function running(child) {
  return child.exitCode === null && child.signalCode === null;
}
