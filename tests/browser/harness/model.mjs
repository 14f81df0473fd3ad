// Language models for the tests: one that answers as told, and the small real one of scripts/local-model.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

import { repository, tools } from './places.mjs';
import { until } from './until.mjs';

/** Speaks OpenAI's streaming chat API and keeps what it was asked. */
export class PlayedModel {
  /** @type {{ role: string, content: string }[][]} The conversations that came, one per request. */
  asked = [];
  #server;

  /**
   * @param {(messages: { role: string, content: string }[]) => (string | { call: string, arguments: object })[]} answer
   *   Gives what to stream: tokens, or calls of tools.
   */
  static async start(answer) {
    const model = new PlayedModel();
    model.#server = http.createServer(async (request, response) => {
      let body = '';
      for await (const piece of request.setEncoding('utf8')) body += piece;
      const { messages, stream } = JSON.parse(body);
      if (request.url !== '/v1/chat/completions' || stream !== true) {
        response.writeHead(404).end();
        return;
      }
      model.asked.push(messages);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const pieces = answer(messages);
      for (const [index, piece] of pieces.entries()) response.write(`data: ${chunk(delta(piece, index), null)}\n\n`);
      const reason = pieces.some((piece) => typeof piece === 'object') ? 'tool_calls' : 'stop';
      response.end(`data: ${chunk({}, reason)}\n\ndata: [DONE]\n\n`);
    });
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    model.env = { OPENAI_BASE_URL: `http://127.0.0.1:${model.#server.address().port}/v1`, OPENAI_API_KEY: 'none' };
    return model;
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function delta(piece, index) {
  if (typeof piece === 'string') return { content: piece };
  const call = { name: piece.call, arguments: JSON.stringify(piece.arguments) };
  return { tool_calls: [{ index, id: `call-${index}`, type: 'function', function: call }] };
}

function chunk(delta, finish_reason) {
  const choices = [{ index: 0, delta, finish_reason }];
  return JSON.stringify({ id: 'played', object: 'chat.completion.chunk', created: 0, model: 'played', choices });
}

/** The real model, when scripts/install-test-tools could get it. */
export class LocalModel {
  #child;

  static get installed() {
    return existsSync(path.join(tools, 'model'));
  }

  static async start() {
    const model = new LocalModel();
    // A port of the ephemeral range would be the system's to give; the script wants to be told one.
    const port = 20_000 + (process.pid % 10_000);
    const child = spawn(path.join(repository, 'scripts', 'local-model'), [String(port)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    model.#child = child;
    try {
      const url = await until(
        'the model says where it is',
        () => /^http:\S+$/m.exec(output)?.[0] ?? (child.exitCode === null ? null : `ended: ${output}`),
        Boolean,
        30_000,
      );
      if (url.startsWith('ended')) throw new Error(`scripts/local-model ${url}`);
      model.env = { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none', OPENAI_MODEL: 'local' };
    } catch (error) {
      // Left alone it would keep the port, and the tests from ending.
      await model.close();
      throw error;
    }
    return model;
  }

  async close() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
