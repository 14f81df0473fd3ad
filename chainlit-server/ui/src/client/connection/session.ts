import { newId } from "../ids";

/** The part of the browser that a tab's identity needs; tests bring their own. */
export type SessionPlace = {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  locks: Pick<LockManager, "request"> | undefined;
  openChannel: ((name: string) => BroadcastChannel) | undefined;
  /** How long a reloaded page may take to let go of its id, and another tab to answer. */
  patience: number;
};

export type SessionClaim = {
  id: string;
  /** The id was in use by another tab, so this one got an id of its own. */
  copied: boolean;
  release: () => void;
};

const key = "chainlit-session-id";
const threadKey = "chainlit-session-thread";
/** A tab answers another one within this many milliseconds. */
const longestAnswer = 150;

export function browserPlace(): SessionPlace {
  return {
    storage: safeStorage(() => window.sessionStorage),
    locks: navigator.locks as LockManager | undefined,
    openChannel: typeof BroadcastChannel === "undefined" ? undefined : (name) => new BroadcastChannel(name),
    patience: 400,
  };
}

/** Storage may be forbidden; a page without memory is better than none. */
export function safeStorage(open: () => Storage): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const attempt = <T>(step: (storage: Storage) => T, otherwise: T): T => {
    try {
      return step(open());
    } catch {
      return otherwise;
    }
  };
  return {
    getItem: (name) => attempt((storage) => storage.getItem(name), null),
    setItem: (name, value) => attempt((storage) => storage.setItem(name, value), undefined),
    removeItem: (name) => attempt((storage) => storage.removeItem(name), undefined),
  };
}

/**
 * The session id of this tab: the one it had before a reload, unless another tab holds it, because a duplicated tab is
 * born with a copy of the storage of its original.
 */
export async function claimSession(place: SessionPlace): Promise<SessionClaim> {
  const remembered = place.storage.getItem(key);
  if (remembered !== null && remembered !== "") {
    const release = await hold(place, remembered);
    if (release !== null) return { id: remembered, copied: false, release };
  }
  const claim = await claimNewSession(place);
  return { ...claim, copied: remembered !== null && remembered !== "" };
}

/** A fresh id, for a new conversation. */
export async function claimNewSession(place: SessionPlace): Promise<SessionClaim> {
  const id = newId();
  place.storage.setItem(key, id);
  // Nobody else can have it: there is nothing to wait for.
  const release = (await hold({ ...place, patience: 0 }, id)) ?? (() => undefined);
  return { id, copied: false, release };
}

export function forgetSession(place: SessionPlace): void {
  place.storage.removeItem(key);
  place.storage.removeItem(threadKey);
}

/** The tab goes back to a session that it has held all the time. */
export function returnToSession(place: SessionPlace, { id }: SessionClaim): void {
  place.storage.setItem(key, id);
}

/** The stored conversation that the tab's session goes on with; `""` for none that has an address. */
export const sessionThread = (place: SessionPlace): string => place.storage.getItem(threadKey) ?? "";

export const noteSessionThread = (place: SessionPlace, id: string): void => place.storage.setItem(threadKey, id);

/** Takes the id for as long as this page lives; null when another page has it. */
function hold(place: SessionPlace, id: string): Promise<(() => void) | null> {
  if (place.locks !== undefined) return holdByLock(place.locks, id, place.patience);
  if (place.openChannel !== undefined) return holdByChannel(place.openChannel, id, place.patience);
  return Promise.resolve(() => undefined);
}

function holdByLock(locks: Pick<LockManager, "request">, id: string, patience: number): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const waiting = new AbortController();
    const timer = patience === 0 ? undefined : setTimeout(() => waiting.abort(), patience);
    locks
      .request(`chainlit-session ${id}`, { signal: waiting.signal }, () => {
        clearTimeout(timer);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(() => resolve(null));
  });
}

/** Web Locks exist on secure pages only. Elsewhere the tabs ask each other. */
function holdByChannel(
  openChannel: (name: string) => BroadcastChannel,
  id: string,
  patience: number,
): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const channel = openChannel(`chainlit-session ${id}`);
    const me = newId();
    let held = false;
    const take = () => {
      held = true;
      resolve(() => channel.close());
    };
    const timer = patience === 0 ? undefined : setTimeout(take, Math.min(patience, longestAnswer));
    if (patience === 0) take();
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const { kind, from } = (data ?? {}) as { kind?: unknown; from?: unknown };
      if (from === me || typeof from !== "string") return;
      // Of two pages that ask at once the one with the lower name gets the id; the other may have asked before the
      // first could hear it, so it gives way without being told.
      const yields = !held && (kind === "mine" || from < me);
      if (!yields) {
        if (kind === "whose") channel.postMessage({ kind: "mine", from: me });
        return;
      }
      clearTimeout(timer);
      channel.close();
      resolve(null);
    };
    channel.postMessage({ kind: "whose", from: me });
  });
}
