import { beforeEach, expect, it, vi } from "vitest";
import type { Chat } from "./chat";
import { Navigator } from "./navigator";
import { emptyConversation } from "./state";
import { createStore } from "./store";

function begin(path: string, keeps = true) {
  window.history.replaceState(null, "", path);
  const conversation = createStore(emptyConversation);
  const show = (threadId: string | null) => conversation.update((now) => ({ ...now, threadId }));
  const chat = {
    conversation,
    start: vi.fn().mockResolvedValue(undefined),
    openThread: vi.fn((id: string) => Promise.resolve(show(id))),
    openShared: vi.fn().mockResolvedValue(undefined),
    newChat: vi.fn(() => {
      // Something is told of the old conversation while it is left.
      conversation.update((now) => ({ ...now, fresh: new Set() }));
      show(null);
      return Promise.resolve();
    }),
    close: vi.fn(),
  };
  const go = new Navigator("/app", chat as unknown as Chat, keeps);
  go.start();
  return { go, chat, show, path: () => window.location.pathname };
}

/** The reader goes back or forward. */
async function arrive(path: string) {
  window.history.replaceState(null, "", path);
  window.dispatchEvent(new PopStateEvent("popstate"));
  await Promise.resolve();
}

const started: Navigator[] = [];
beforeEach(() => {
  for (const go of started.splice(0)) go.stop();
});
const use = (...given: Parameters<typeof begin>) => {
  const made = begin(...given);
  started.push(made.go);
  return made;
};

it("begins with what the address names", () => {
  expect(use("/app/thread/a").chat.start).toHaveBeenCalledWith({ kind: "thread", id: "a" });
  expect(use("/app/").chat.start).toHaveBeenCalledWith({ kind: "new" });
  expect(use("/app/thread/a", false).chat.start, "nothing is kept").toHaveBeenCalledWith({ kind: "other" });
  expect(use("/app/share/a").chat.openShared).toHaveBeenCalledWith("a");
});

it("gives a new conversation its address once it is kept, and no other place", () => {
  const { show, path } = use("/app/");
  const entries = window.history.length;
  show("t");
  expect([path(), window.history.length]).toEqual(["/app/thread/t", entries]);
  const without = use("/app/", false);
  without.show("t");
  expect(without.path()).toBe("/app/");
  const over = use("/app/element/x");
  over.show("t");
  expect(over.path()).toBe("/app/element/x");
});

it("leaves the address with the conversation", async () => {
  const { go, chat, path } = use("/app/thread/a");
  await go.open("b");
  expect([path(), chat.openThread.mock.calls]).toEqual(["/app/thread/b", [["b"]]]);
  await go.newChat();
  expect(path()).toBe("/app/");
});

it("follows the browser's own buttons", async () => {
  const { chat, show, path } = use("/app/");
  await arrive("/app/thread/a");
  expect(chat.openThread).toHaveBeenCalledWith("a");
  await arrive("/app/element/x");
  expect(chat.newChat).not.toHaveBeenCalled();
  await arrive("/app/");
  expect([chat.newChat.mock.calls.length, path()]).toEqual([1, "/app/"]);
  show(null);
  await arrive("/app/");
  expect(chat.newChat, "it is new already").toHaveBeenCalledOnce();
});

it("goes to the start page when there is no such conversation", () => {
  const { go, chat, path } = use("/app/thread/gone");
  go.leaveMissed(true);
  expect([path(), chat.newChat.mock.calls.length]).toEqual(["/app/", 0]);
  const refused = use("/app/thread/foreign");
  refused.go.leaveMissed(false);
  expect([refused.path(), refused.chat.newChat.mock.calls.length]).toEqual(["/app/", 1]);
});
