// One way to wait: read again until it holds, and say what was there instead when it never does.

import { AssertionError } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** How long the tests wait for something that should come at once, in milliseconds. */
export const PATIENCE = 10_000;

const INTERVAL = 40;

/**
 * Reads until `holds(value)`, then gives the value.
 *
 * @template T
 * @param {string} what What is waited for, as the failure tells it.
 * @param {() => T | Promise<T>} read
 * @param {(value: T) => boolean} [holds]
 * @param {number} [patience] Milliseconds.
 * @returns {Promise<T>}
 */
export async function until(what, read, holds = Boolean, patience = PATIENCE) {
  const end = performance.now() + patience;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > end) {
      throw new AssertionError({
        message: `not within ${patience / 1000} s: ${what}\ninstead: ${inspect(value, { depth: 4, breakLength: 110 })}`,
        stackStartFn: until,
      });
    }
    await pause(INTERVAL);
  }
}
