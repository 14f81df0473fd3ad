import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Api, ApiError } from "../api";
import { History } from "./history";
import type { ThreadPage } from "./list";

/** Two tabs hear each other within one process. */
class Channel extends EventTarget {
  static all: Channel[] = [];
  constructor(readonly name: string) {
    super();
    Channel.all.push(this);
  }
  postMessage(data: unknown) {
    for (const other of Channel.all) {
      if (other !== this && other.name === this.name) other.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) }));
    }
  }
}

beforeEach(() => {
  Channel.all = [];
  vi.stubGlobal("BroadcastChannel", Channel);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const page = (ids: string, endCursor: string | null = null): ThreadPage => ({
  data: [...ids].map((id) => ({ id, name: id })),
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});

function open(identifier = "ada") {
  const api = {
    threads: vi.fn().mockResolvedValue(page("ab")),
    changeThread: vi.fn().mockResolvedValue({}),
    deleteThread: vi.fn().mockResolvedValue({}),
    shareThread: vi.fn().mockResolvedValue({}),
  };
  const onRemoved = vi.fn();
  const options = { api: api as unknown as Api, root: "", user: { identifier }, sessionId: () => "s", onRemoved };
  return { history: new History(options), api, onRemoved };
}

const ids = (history: History) => history.list.get().threads.map(({ id }) => id).join("");

describe("pages", () => {
  it("come one after the other, each once", async () => {
    const { history, api } = open();
    api.threads.mockResolvedValueOnce(page("ab", "b")).mockResolvedValueOnce(page("cd"));
    await history.refresh();
    await Promise.all([history.more(), history.more()]);
    await history.more();
    expect(ids(history)).toBe("abcd");
    expect(api.threads.mock.calls.map(([wanted]) => (wanted as { cursor: unknown }).cursor)).toEqual([null, "b"]);
  });

  it("that come too late are not shown", async () => {
    vi.useFakeTimers();
    const { history, api } = open();
    let answer: (page: ThreadPage) => void = () => undefined;
    api.threads.mockReturnValueOnce(new Promise((resolve) => (answer = resolve))).mockResolvedValueOnce(page("x"));
    void history.refresh();
    history.search("x");
    await vi.runAllTimersAsync();
    answer(page("ab"));
    await vi.runAllTimersAsync();
    expect(ids(history)).toBe("x");
  });

  it("that fail can be asked for again", async () => {
    const { history, api } = open();
    api.threads.mockRejectedValueOnce(new TypeError("no network"));
    await history.refresh();
    expect(history.list.get().phase).toBe("failed");
    await history.refresh();
    expect([history.list.get().phase, ids(history)]).toEqual(["ready", "ab"]);
  });
});

it("searches once when letters come fast", async () => {
  vi.useFakeTimers();
  const { history, api } = open();
  for (const text of ["f", "fi", "fig "]) history.search(text);
  await vi.runAllTimersAsync();
  expect(api.threads.mock.calls).toEqual([[{ first: 35, cursor: null, search: "fig", archived: false }]]);
});

describe("two tabs", () => {
  it("of one user see the same", async () => {
    const [here, there, others] = [open(), open(), open("bob")];
    for (const { history } of [here, there, others]) await history.refresh();
    await here.history.rename("a", "New");
    here.history.begun("n", "hello");
    await here.history.share({ id: "b" }, true, null);
    expect(there.history.list.get().threads.map(({ name }) => name)).toEqual(["hello", "New", "b"]);
    expect(there.history.list.get().threads.at(-1)?.metadata).toEqual({ is_shared: true, share_expires_at: null });
    await here.history.remove("a");
    expect([ids(here.history), ids(there.history), ids(others.history)]).toEqual(["nb", "nb", "ab"]);
    expect([here.onRemoved.mock.calls, there.onRemoved.mock.calls]).toEqual([[["a", false]], [["a", true]]]);
  });
});

describe("a refusal", () => {
  it("changes nothing, and is told", async () => {
    const { history, api } = open();
    await history.refresh();
    api.changeThread.mockRejectedValue(new ApiError(401, "Unauthorized"));
    await expect(history.rename("a", "New")).rejects.toThrow("Unauthorized");
    expect(history.list.get().threads[0]?.name).toBe("a");
  });

  it("to remove what is gone is none", async () => {
    const { history, api } = open();
    await history.refresh();
    api.deleteThread.mockRejectedValue(new ApiError(404, "Thread not found"));
    await history.remove("a");
    expect(ids(history)).toBe("b");
  });
});
