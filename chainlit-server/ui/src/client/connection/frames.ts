import type { ChatEvent } from "../state";
import { joinTokens, splitTokens } from "./tokens";

/** Runs something later, and gives a way to call that off. */
export type Schedule = (run: () => void) => () => void;

/** A picture that took longer than this to make (in milliseconds) makes the next one wait. */
const cheap = 12;

/**
 * Runs something before the next picture; a page in the background paints none, so a timer stands in. When the last
 * picture was costly (a table of a thousand rows that grows), the next one waits up to twice as long as that took:
 * typing and scrolling come first.
 */
export function framePace(): Schedule {
  let cost = 0;
  return (run) => {
    let frame = 0;
    let done = false;
    const once = () => {
      if (done) return;
      cancel();
      const start = performance.now();
      run();
      // A timer that is set in a frame runs after its picture was made.
      setTimeout(() => {
        cost = performance.now() - start;
      });
    };
    const wait = Math.max(0, (cost - cheap) * 2);
    const start = () => {
      frame = requestAnimationFrame(once);
    };
    const begin = wait === 0 ? (start(), undefined) : setTimeout(start, wait);
    const fallback = setTimeout(once, wait + 200);
    const cancel = () => {
      done = true;
      cancelAnimationFrame(frame);
      clearTimeout(begin);
      clearTimeout(fallback);
    };
    return cancel;
  };
}

/** More characters than this take longer than a picture may: a megabyte then comes in 42 of them, within a second. */
const perPicture = 24_000;

/** Nobody sees the pictures of a page in the background, which come seldom. */
const roomOfPicture = () => (document.visibilityState === "hidden" ? Infinity : perPicture);

/** Gathers events, so that a burst of them is one change of the page, and a flood of text a few. */
export class FrameQueue {
  #events: ChatEvent[] = [];
  #cancel: (() => void) | null = null;

  constructor(
    private readonly apply: (events: readonly ChatEvent[]) => void,
    private readonly schedule: Schedule = framePace(),
    private readonly room: () => number = roomOfPicture,
  ) {}

  push(event: ChatEvent): void {
    this.#events.push(event);
    this.#cancel ??= this.schedule(() => this.#show(this.room()));
  }

  /** Shows all that there is, at once. */
  flush(): void {
    this.#show(Infinity);
  }

  #show(room: number): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#events.length === 0) return;
    const [now, later] = splitTokens(joinTokens(this.#events), room);
    this.#events = later;
    if (later.length > 0) this.#cancel = this.schedule(() => this.#show(this.room()));
    this.apply(now);
  }
}
