import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "./api";
import { Chat } from "./chat";
import { ChosenProfile } from "./profile";
import { selectRows } from "./state";
import { FakeSocket } from "./testing/fakeSocket";
import { UserEnv } from "./userEnv";

vi.mock("socket.io-client", async () => {
  const { FakeSocket: Fake } = await import("./testing/fakeSocket");
  return { io: (_: string, options: FakeSocket["options"]) => new Fake(options) };
});

const rows = (chat: Chat) => selectRows(chat.conversation.get(), "full").map((id) => chat.conversation.get().steps.get(id)?.output);

beforeEach(() => {
  FakeSocket.all = [];
  sessionStorage.clear();
});

describe("stored conversations", () => {
  const begin = (resumable = true) => {
    const api = {
      setSessionCookie: vi.fn().mockResolvedValue({}),
      thread: vi.fn((id: string) => Promise.resolve({ id, steps: [{ id: `${id}1`, type: "user_message", output: id }] })),
    };
    const profile = new ChosenProfile();
    const options = { root: "", api: api as unknown as Api, userName: "ada", userEnv: new UserEnv([]), profile, fetchFavorites: false, onLoggedOut: () => undefined };
    return { api, chat: new Chat({ ...options, sampleRate: 24_000, threads: { resumable } }) };
  };
  const opened = async (count: number) => {
    await vi.waitFor(() => expect(FakeSocket.all).toHaveLength(count));
    return FakeSocket.last;
  };

  it("are gone on with by the session that a reload finds, if it is theirs", async () => {
    const first = begin();
    await first.chat.start({ kind: "new" });
    const socket = await opened(1);
    socket.accept();
    socket.any("first_interaction", { interaction: "hi", thread_id: "t" });
    const id = first.chat.sessionId;
    first.chat.close();

    const reloaded = begin().chat;
    await reloaded.start({ kind: "thread", id: "t" });
    expect((await opened(2)).auth()).toMatchObject({ sessionId: id, threadId: "t" });
    reloaded.close();
    const other = begin().chat;
    await other.start({ kind: "thread", id: "u" });
    expect((await opened(3)).auth().threadId).toBe("u");
    expect(other.sessionId).not.toBe(id);
    other.close();
    const home = begin().chat;
    await home.start({ kind: "new" });
    expect((await opened(4)).auth().threadId).toBe("");
  });

  it("go on while another one is looked at, if something runs in them", async () => {
    const { chat } = begin();
    await chat.start({ kind: "thread", id: "a" });
    const first = await opened(1);
    first.accept();
    first.any("task_start", {});
    await vi.waitFor(() => expect(chat.conversation.get().running).toBe(true));
    const id = chat.sessionId;
    await chat.openThread("b");
    expect(first.names()).not.toContain("clear_session");
    const second = await opened(2);
    second.accept();
    await chat.openThread("a");
    expect(second.names()).toContain("clear_session");
    expect((await opened(3)).auth()).toMatchObject({ sessionId: id, threadId: "a" });
  });

  it("that are wanted one after the other are opened once: the last one", async () => {
    const { chat } = begin();
    await chat.start({ kind: "new" });
    await opened(1);
    await Promise.all([chat.openThread("a"), chat.openThread("b"), chat.openThread("c")]);
    expect((await opened(2)).auth().threadId).toBe("c");
  });

  it("are only shown where nothing takes them up", async () => {
    const { chat, api } = begin(false);
    await chat.start({ kind: "thread", id: "a" });
    expect([chat.conversation.get().view, rows(chat), FakeSocket.all.length]).toEqual(["stored", ["a"], 0]);
    const onMissed = (chat.onMissed = vi.fn());
    api.thread.mockRejectedValueOnce(new Error("Thread not found"));
    await chat.openThread("gone");
    expect(onMissed).toHaveBeenCalledWith({ reason: "Thread not found", isReady: false });
    expect(chat.conversation.get()).toMatchObject({ opening: false, threadId: null });
  });

  it("that are not there make room for a new one", async () => {
    const { chat } = begin();
    const onMissed = (chat.onMissed = vi.fn());
    await chat.start({ kind: "thread", id: "gone" });
    const socket = await opened(1);
    socket.accept();
    socket.any("resume_thread_error", "Thread not found.");
    await vi.waitFor(() => expect(onMissed).toHaveBeenCalledWith({ reason: null, isReady: true }));
    expect(chat.conversation.get()).toMatchObject({ opening: false, threadId: null });
    await chat.openThread("foreign");
    const refused = await opened(2);
    refused.active = false;
    refused.handlers.get("connect_error")?.(new Error("You may not open this conversation."));
    await vi.waitFor(() => expect(onMissed).toHaveBeenLastCalledWith({ reason: "You may not open this conversation.", isReady: false }));
  });

  it("bring earlier steps once, and say when that did not work", async () => {
    const { chat, api } = begin();
    const steps = vi.fn().mockRejectedValueOnce(new TypeError("no network")).mockResolvedValue({ steps: [{ id: "a0" }], hasEarlier: false });
    Object.assign(api, { steps });
    await chat.start({ kind: "thread", id: "a" });
    const socket = await opened(1);
    socket.accept();
    socket.any("resume_thread", { id: "a", steps: [{ id: "a1" }], hasEarlier: true });
    await vi.waitFor(() => expect(chat.conversation.get().hasEarlier).toBe(true));
    const nothing = () => undefined;
    expect(await chat.loadEarlier(nothing)).toBe(false);
    expect(await Promise.all([chat.loadEarlier(nothing), chat.loadEarlier(nothing)])).toEqual([true, true]);
    expect(await chat.loadEarlier(nothing)).toBe(true);
    expect(steps.mock.calls).toEqual([["a", "a1", chat.sessionId], ["a", "a1", chat.sessionId]]);
    expect([...chat.conversation.get().steps.keys()]).toEqual(["a0", "a1"]);
  });
});
