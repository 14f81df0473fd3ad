import { describe, expect, it } from "vitest";
import { claimNewSession, claimSession, type SessionPlace } from "./session";

const uuid4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

function memory(entries: Record<string, string> = {}): SessionPlace["storage"] {
  const map = new Map(Object.entries(entries));
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

/** The locks of one browser, shared by its tabs. */
function lockManager(): Pick<LockManager, "request"> {
  const tails = new Map<string, Promise<unknown>>();
  const request = (name: string, { signal }: LockOptions, grant: (lock: null) => Promise<void>) => {
    const before = tails.get(name) ?? Promise.resolve();
    const turn = new Promise<void>((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new Error("aborted")));
      void before.then(() => resolve());
    });
    const done = turn.then(() => grant(null));
    tails.set(name, done.catch(() => before));
    return done;
  };
  return { request } as unknown as Pick<LockManager, "request">;
}

/** Broadcast channels of one browser. */
function channels() {
  const open = new Set<{ name: string; onmessage: ((event: MessageEvent) => void) | null }>();
  return (name: string) => {
    const channel = {
      name,
      onmessage: null as ((event: MessageEvent) => void) | null,
      postMessage(data: unknown) {
        for (const other of [...open]) {
          if (other !== channel && other.name === name) queueMicrotask(() => open.has(other) && other.onmessage?.({ data } as MessageEvent));
        }
      },
      close: () => void open.delete(channel),
    };
    open.add(channel);
    return channel as unknown as BroadcastChannel;
  };
}

const key = "chainlit-session-id";

function browsers(): [string, () => Omit<SessionPlace, "storage">][] {
  return [
    ["locks", () => ({ locks: lockManager(), openChannel: undefined, patience: 30 })],
    ["channels", () => ({ locks: undefined, openChannel: channels(), patience: 30 })],
  ];
}

describe.each(browsers())("a tab, by %s", (_, make) => {
  it("gets an id and keeps it over a reload", async () => {
    const browser = make();
    const storage = memory();
    const first = await claimSession({ ...browser, storage });
    expect(first.id).toMatch(uuid4);
    first.release();
    const again = await claimSession({ ...browser, storage });
    expect(again).toMatchObject({ id: first.id, copied: false });
  });

  it("waits for a page that is about to leave", async () => {
    const browser = make();
    const storage = memory();
    const first = await claimSession({ ...browser, storage });
    const second = claimSession({ ...browser, storage });
    first.release();
    expect((await second).id).toBe(first.id);
  });

  it("that is a copy of another gets an id of its own, and the other keeps its", async () => {
    const browser = make();
    const original = await claimSession({ ...browser, storage: memory() });
    const copiedStorage = memory({ [key]: original.id });
    const copy = await claimSession({ ...browser, storage: copiedStorage });
    expect(copy.copied).toBe(true);
    expect(copy.id).not.toBe(original.id);
    expect(copiedStorage.getItem(key)).toBe(copy.id);
  });

  it("gets a new id for a new conversation", async () => {
    const browser = make();
    const storage = memory();
    const first = await claimSession({ ...browser, storage });
    const next = await claimNewSession({ ...browser, storage });
    expect(next.id).not.toBe(first.id);
    expect(storage.getItem(key)).toBe(next.id);
  });
});

it("of two copies that ask at once exactly one gets the id", async () => {
  // Who wins depends on random names: twenty browsers have both cases.
  const browsers = Array.from({ length: 20 }, async () => {
    const openChannel = channels();
    const place = () => ({ locks: undefined, openChannel, patience: 30, storage: memory({ [key]: "same" }) });
    const claims = await Promise.all([claimSession(place()), claimSession(place())]);
    return claims.filter((claim) => claim.id === "same").length;
  });
  expect(await Promise.all(browsers)).toEqual(Array.from({ length: 20 }, () => 1));
});

it("works without locks, channels and storage", async () => {
  const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  expect((await claimSession({ storage, locks: undefined, openChannel: undefined, patience: 0 })).id).toMatch(uuid4);
});
