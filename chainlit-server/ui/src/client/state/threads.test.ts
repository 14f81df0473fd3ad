import { describe, expect, it } from "vitest";
import type { StepDict } from "../protocol";
import { type ChatEvent, emptyConversation, reduceAll, selectRows } from "./index";

const message = (id: string, more: Partial<StepDict> = {}): StepDict => ({ id, type: "assistant_message", threadId: "t", output: id, ...more });
const resumed = (...steps: StepDict[]): ChatEvent => ({ name: "resume_thread", data: { id: "t", steps, hasEarlier: true } });
const rows = (events: ChatEvent[]) => selectRows(reduceAll(emptyConversation, events), "full").join(" ");

describe("a conversation that is waited for", () => {
  it("leaves nothing of the one before, and is there with its first step", () => {
    const waiting = reduceAll(emptyConversation, [
      { name: "new_message", data: message("old", { threadId: "before" }) },
      { name: "task_start", data: {} },
      { name: "thread_awaited", data: { id: "t" } },
    ]);
    expect([waiting.steps.size, waiting.opening, waiting.running, waiting.threadId]).toEqual([0, true, false, "t"]);
    const live = reduceAll(waiting, [{ name: "new_message", data: message("a") }]);
    expect([live.opening, live.threadId]).toEqual([false, "t"]);
    const stored = reduceAll(waiting, [resumed(message("a"))]);
    expect([stored.opening, stored.hasEarlier, stored.view]).toEqual([false, true, "live"]);
  });

  it("may not be there", () => {
    const missed = reduceAll(emptyConversation, [{ name: "thread_awaited", data: { id: "t" } }, { name: "thread_missed", data: null }]);
    expect([missed.opening, missed.threadId]).toEqual([false, null]);
  });

  it("may only be read", () => {
    const viewed = (shared: boolean) =>
      reduceAll(emptyConversation, [{ name: "thread_viewed", data: { thread: { id: "t", steps: [message("a")] }, shared } }]);
    expect([viewed(false).view, viewed(true).view, viewed(false).steps.size]).toEqual(["stored", "shared", 1]);
  });
});

describe("a conversation that is taken up again", () => {
  const own = message("own", { type: "user_message", threadId: "" });

  it("keeps what the reader wrote meanwhile, and nothing of another one", () => {
    const wrote: ChatEvent[] = [resumed(message("a")), { name: "user_sent", data: own }, { name: "message_queued", data: { id: "own" } }];
    expect(rows([...wrote, resumed(message("a"), message("b"))])).toBe("a b own");
    expect(rows([...wrote, { name: "resume_thread", data: { id: "other", steps: [message("x")] } }])).toBe("x");
  });

  it("has not been forgotten by the server when it goes on", () => {
    const state = reduceAll(emptyConversation, [resumed(message("a")), { name: "new_message", data: message("b") }]);
    expect(state.forgotten.size).toBe(0);
  });
});

describe("earlier steps", () => {
  const page = (...steps: StepDict[]): ChatEvent => ({ name: "earlier_loaded", data: { threadId: "t", steps, hasEarlier: false } });

  it("come before all others, and take those below that were waiting for them", () => {
    const later = [resumed(message("c", { parentId: "run" }), message("d"))];
    expect(rows([...later, page(message("a"), { id: "run", type: "run", name: "on_message" }, message("b", { parentId: "run" }))])).toBe("a b c d");
    const state = reduceAll(emptyConversation, [...later, page(message("a"))]);
    expect([state.hasEarlier, [...state.steps.keys()].join("")]).toEqual([false, "acd"]);
  });

  it("do not overwrite what was said since, nor go into another conversation", () => {
    const changed: ChatEvent = { name: "update_message", data: message("b", { output: "new" }) };
    const state = reduceAll(emptyConversation, [resumed(message("b")), changed, page(message("a"), message("b"))]);
    expect(state.steps.get("b")?.output).toBe("new");
    expect(rows([{ name: "resume_thread", data: { id: "other", steps: [message("x")] } }, page(message("a"))])).toBe("x");
  });

  it("keep what runs and streams", () => {
    const streaming: ChatEvent = { name: "stream_start", data: message("s", { streaming: true }) };
    const state = reduceAll(emptyConversation, [resumed(message("b")), { name: "task_start", data: {} }, streaming, page(message("a"))]);
    expect([state.running, state.streaming.has("s")]).toEqual([true, true]);
  });
});

it("what was said of answers is known before they come, or after, and can be taken back", () => {
  const feedback = { id: "f", forId: "a", value: 1 };
  const known: ChatEvent = { name: "feedbacks_known", data: { id: "t", steps: [message("a", { feedback: feedback as never })] } };
  const awaited: ChatEvent = { name: "thread_awaited", data: { id: "t" } };
  const came: ChatEvent = { name: "new_message", data: message("a") };
  for (const events of [[awaited, known, came], [awaited, came, known]]) {
    expect(reduceAll(emptyConversation, events).steps.get("a")?.feedback).toEqual(feedback);
  }
  const back: ChatEvent = { name: "feedback_given", data: { id: "a", feedback: null } };
  expect(reduceAll(emptyConversation, [awaited, known, came, back, came]).steps.get("a")?.feedback).toBeNull();
});
