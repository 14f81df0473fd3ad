// A TCP proxy that can be cut like a cable: sockets are destroyed, no close frame, no goodbye.

import { once } from 'node:events';
import net from 'node:net';

export class Proxy {
  #server;
  #pairs = new Set();
  #open = true;

  /** How many WebSockets were asked for. */
  upgrades = 0;

  /** @param {number} port The port on this machine that everything goes to. */
  static async to(port) {
    const proxy = new Proxy();
    proxy.#server = net.createServer((near) => proxy.#carry(near, port));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    proxy.url = `http://127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  #carry(near, port) {
    if (!this.#open) {
      near.destroy();
      return;
    }
    const far = net.connect(port, '127.0.0.1');
    near.setNoDelay(true);
    far.setNoDelay(true);
    const pair = [near, far];
    this.#pairs.add(pair);
    const drop = () => {
      near.destroy();
      far.destroy();
      this.#pairs.delete(pair);
    };
    for (const socket of pair) socket.on('error', drop).on('close', drop);
    near.on('data', (bytes) => {
      if (bytes.includes('\r\nUpgrade: websocket\r\n')) this.upgrades += 1;
    });
    near.pipe(far);
    far.pipe(near);
  }

  /** Number of connections that are carried now. */
  get connections() {
    return this.#pairs.size;
  }

  /** Destroys what is open and refuses what comes, until {@link mend}. */
  cut() {
    this.#open = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
    this.#pairs.clear();
  }

  /** Carries again. */
  mend() {
    this.#open = true;
  }

  async close() {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
