import type { ThreadDict } from "../protocol";

/** What of the reader's conversations is shown, and how far it was loaded. */
export type ThreadList = {
  threads: readonly ThreadDict[];
  /** Where the next page begins; `null` when there is none. */
  cursor: string | null;
  phase: "new" | "loading" | "ready" | "failed";
  search: string;
  /** The archive is looked at. */
  archived: boolean;
};

export type ThreadPage = {
  data?: ThreadDict[];
  pageInfo?: { hasNextPage?: boolean; endCursor?: string | null };
};

/** What happened to a conversation, here or in another tab. */
export type Change =
  | { kind: "renamed"; id: string; name: string }
  | { kind: "archived"; id: string; archived: boolean }
  | { kind: "shared"; id: string; metadata: Record<string, unknown> }
  | { kind: "removed"; id: string }
  | { kind: "begun"; thread: ThreadDict };

export const emptyList: ThreadList = { threads: [], cursor: null, phase: "new", search: "", archived: false };

const cursorOf = ({ pageInfo }: ThreadPage) => (pageInfo?.hasNextPage === true ? (pageInfo.endCursor ?? null) : null);

/** A further page. One that has moved up since stands in both: its first place counts. */
export function addPage(list: ThreadList, page: ThreadPage): ThreadList {
  const known = new Set(list.threads.map(({ id }) => id));
  const fresh = (page.data ?? []).filter(({ id }) => !known.has(id));
  return { ...list, threads: [...list.threads, ...fresh], cursor: cursorOf(page), phase: "ready" };
}

/**
 * The first page once more. What stood below it stays, so that nothing moves away from a reader who went down; what the
 * page has instead goes up.
 */
export function setFirstPage(list: ThreadList, page: ThreadPage): ThreadList {
  const data = page.data ?? [];
  if (cursorOf(page) === null) return { ...list, threads: data, cursor: null, phase: "ready" };
  const first = new Set(data.map(({ id }) => id));
  const last = list.threads.reduce((found, { id }, at) => (first.has(id) ? at : found), -1);
  const below = last === -1 ? [] : list.threads.slice(last + 1);
  const cursor = below.length === 0 ? cursorOf(page) : list.cursor;
  return { ...list, threads: [...data, ...below], cursor, phase: "ready" };
}

export function applyChange(list: ThreadList, change: Change): ThreadList {
  const without = (id: string) => ({ ...list, threads: list.threads.filter((thread) => thread.id !== id) });
  const changed = (id: string, part: Partial<ThreadDict>) => ({
    ...list,
    threads: list.threads.map((thread) => (thread.id === id ? { ...thread, ...part } : thread)),
  });
  switch (change.kind) {
    case "renamed":
      return changed(change.id, { name: change.name });
    case "shared":
      return changed(change.id, { metadata: change.metadata });
    case "archived":
      return change.archived === list.archived ? list : without(change.id);
    case "removed":
      return without(change.id);
    case "begun": {
      // Whether it is found by the words that are looked for, only the server knows.
      if (list.archived || list.search !== "" || list.threads.some(({ id }) => id === change.thread.id)) return list;
      return { ...list, threads: [change.thread, ...list.threads] };
    }
  }
}
