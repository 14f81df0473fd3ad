/** What the reader is told about the connection. */
export type ConnectionState =
  | { phase: "connecting" }
  | { phase: "connected" }
  /** Gone by itself; tried again at `retryAt` (milliseconds of the wall clock), or right now when that is null. */
  | { phase: "lost"; retryAt: number | null }
  /** The server does not want this page; it says why. */
  | { phase: "refused"; reason: string }
  /** The same conversation was opened elsewhere. */
  | { phase: "elsewhere" };

/** Milliseconds until the next attempt: 1 s, 2 s, 4 s, … at most 20 s, a little different for each page. */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(20_000, 1000 * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.8 + 0.4 * random()));
}
