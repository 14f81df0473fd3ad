// A TCP proxy that can be cut like a cable: sockets are destroyed, no close frame, no goodbye. It can also be one of those
// proxies that let no WebSocket through.

import { once } from 'node:events';
import net from 'node:net';

export class Proxy {
  #server;
  #pairs = new Set();
  #open = true;
  #upgrade = 'carry';

  /** How many WebSockets were asked for. */
  upgrades = 0;

  /**
   * @param {number} port The port on this machine that everything goes to.
   * @param {{ upgrade?: 'carry' | 'refuse' | 'close' | 'ignore' }} [options] What becomes of a request for a WebSocket: it
   *   is carried unless another way is given (answered with 400, its connection closed, never answered).
   */
  static async to(port, { upgrade = 'carry' } = {}) {
    const proxy = new Proxy();
    proxy.#upgrade = upgrade;
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
    // The browser asks for each WebSocket on a connection of its own, and in one piece.
    near.once('data', (bytes) => {
      const isUpgrade = bytes.includes('\r\nUpgrade: websocket\r\n');
      if (isUpgrade) this.upgrades += 1;
      if (isUpgrade && this.#upgrade !== 'carry') {
        if (this.#upgrade === 'refuse') near.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        if (this.#upgrade === 'close') drop();
        return;
      }
      far.write(bytes);
      near.pipe(far);
    });
    far.pipe(near);
  }

  /**
   * What goes to one side of the connections that there are never arrives, and nobody is told: a network that went away.
   *
   * @param {'server' | 'browser'} side
   */
  swallow(side) {
    for (const [near, far] of this.#pairs) {
      const [from, to] = side === 'server' ? [near, far] : [far, near];
      from.unpipe(to);
      from.resume();
    }
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
