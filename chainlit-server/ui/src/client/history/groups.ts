import type { ThreadDict } from "../protocol";

/** Threads of one time. `key` tells groups apart; `month` is the first day of it where the group is a whole month. */
export type Group = { key: string; month: Date | null; threads: ThreadDict[] };

/** When something was said in it last; `null` when nobody knows. */
export function timeOf(thread: ThreadDict): Date | null {
  const time = new Date(thread.updatedAt ?? thread.createdAt ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
}

/** The threads by the reader's own days, in the order in which they came. */
export function groupThreads(threads: readonly ThreadDict[], now: Date): Group[] {
  const groups = new Map<string, Group>();
  for (const thread of threads) {
    const { key, month } = placeOf(timeOf(thread) ?? now, now);
    const group = groups.get(key) ?? { key, month, threads: [] };
    groups.set(key, group);
    group.threads.push(thread);
  }
  return [...groups.values()];
}

function placeOf(time: Date, now: Date): { key: string; month: Date | null } {
  const days = daysBetween(time, now);
  // A clock that goes wrong may be ahead of this one.
  if (days <= 0) return { key: "today", month: null };
  if (days === 1) return { key: "yesterday", month: null };
  if (days <= 7) return { key: "previous7days", month: null };
  if (days <= 30) return { key: "previous30days", month: null };
  const month = new Date(time.getFullYear(), time.getMonth(), 1);
  return { key: `${month.getFullYear()}-${month.getMonth() + 1}`, month };
}

/** Whole days on the calendar, however long they were: days on which the clock is changed have 23 or 25 hours. */
function daysBetween(from: Date, to: Date): number {
  const day = (time: Date) => Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  return Math.round((day(to) - day(from)) / 86_400_000);
}
