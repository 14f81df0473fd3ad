import { createStore } from "../../client/store";

/** Which element has the page to itself: its id, and the thread that it is said to belong to. */
export type ElementPlace = { id: string; threadId: string | null };

export const elementPath = (id: string, threadId: string | null) =>
  `/element/${encodeURIComponent(id)}${threadId ? `?thread=${encodeURIComponent(threadId)}` : ""}`;

/** The element that an address names, if it names one. */
export function readPlace(path: string, search: string, root: string): ElementPlace | null {
  const rest = path.startsWith(root) ? path.slice(root.length) : path;
  const found = /^\/element\/([^/]+)\/?$/.exec(rest)?.[1];
  if (found === undefined) return null;
  try {
    return { id: decodeURIComponent(found), threadId: new URLSearchParams(search).get("thread") };
  } catch {
    return null;
  }
}

const store = createStore<ElementPlace | null>(null);
/** Whether the page before this one in the history is the conversation. */
let cameFromHere = false;

/** The part of the address that says which element is looked at. */
export const elementPlace = {
  store,
  /** Follows the browser's own buttons; gives back how to stop. */
  watch(root: string): () => void {
    const look = () => store.set(readPlace(window.location.pathname, window.location.search, root));
    look();
    window.addEventListener("popstate", look);
    return () => window.removeEventListener("popstate", look);
  },
  open(root: string, id: string, threadId: string | null): void {
    window.history.pushState(null, "", `${root}${elementPath(id, threadId)}`);
    cameFromHere = true;
    store.set({ id, threadId });
  },
  close(root: string): void {
    if (cameFromHere) window.history.back();
    else {
      window.history.replaceState(null, "", `${root}/`);
      store.set(null);
    }
    cameFromHere = false;
  },
};
