import { describe, expect, it } from "vitest";
import type { StepDict } from "../protocol";
import { reduce, reduceAll } from "./reduce";
import { selectActions, selectNested, selectRows } from "./select";
import { type ChatEvent, type ConversationState, emptyConversation } from "./types";

const on = (name: string, data: unknown = {}): ChatEvent => ({ name, data });
const message = (id: string, output = "", more: Partial<StepDict> = {}) =>
  on("new_message", { id, type: "assistant_message", name: "Assistant", output, ...more });
const after = (...events: ChatEvent[]) => reduceAll(emptyConversation, events);
const text = (state: ConversationState, id: string) => state.steps.get(id)?.output;

describe("messages", () => {
  it("come in order of arrival", () => {
    expect(selectRows(after(message("a"), message("b"), message("c")), "full")).toEqual(["a", "b", "c"]);
  });

  it("are merged by update_message, which knows no new ones", () => {
    const state = after(message("a", "one"), on("update_message", { id: "a", output: "two" }), on("update_message", { id: "x" }));
    expect(state.steps.get("a")).toMatchObject({ output: "two", name: "Assistant" });
    expect(state.steps.has("x")).toBe(false);
  });

  it("go with everything below them", () => {
    const state = after(
      message("a"),
      on("new_message", { id: "run", type: "run", name: "on_message", parentId: "a" }),
      message("b", "", { parentId: "run" }),
      message("c"),
      on("delete_message", { id: "a" }),
    );
    expect([...state.steps.keys()]).toEqual(["c"]);
    expect(selectRows(state, "full")).toEqual(["c"]);
  });

  it("leave the state before them untouched", () => {
    const before = after(message("a", "one"));
    const later = reduceAll(before, [message("b"), on("stream_token", { id: "a", token: "!" }), on("delete_message", { id: "a" })]);
    expect(text(before, "a")).toBe("one");
    expect(selectRows(before, "full")).toEqual(["a"]);
    expect(selectRows(later, "full")).toEqual(["b"]);
  });
});

describe("streams", () => {
  it("append, replace, and keep input and output apart", () => {
    const state = after(
      on("stream_start", { id: "a", type: "tool", name: "t", output: "one", streaming: true }),
      on("stream_token", { id: "a", token: " two", isSequence: false, isInput: false }),
      on("stream_token", { id: "a", token: "in", isInput: true }),
      on("stream_token", { id: "a", token: "put", isInput: true }),
    );
    expect(state.steps.get("a")).toMatchObject({ output: "one two", input: "input" });
    expect(text(reduce(state, on("stream_token", { id: "a", token: "new", isSequence: true })), "a")).toBe("new");
    expect(state.streaming.has("a")).toBe(true);
  });

  it("change only the message that streams", () => {
    const before = after(message("a"), message("b"));
    const later = reduce(before, on("stream_token", { id: "b", token: "x" }));
    expect(later.steps.get("a")).toBe(before.steps.get("a"));
    expect(later.children).toBe(before.children);
    expect(selectRows(later, "full")).toBe(selectRows(before, "full"));
  });

  it("end with the task", () => {
    const state = after(message("a", "x", { streaming: true }), on("task_end"));
    expect(state.streaming.size).toBe(0);
    expect(state.steps.get("a")?.streaming).toBe(false);
  });
});

describe("the tree", () => {
  it("shows what runs hold and not the runs", () => {
    const state = after(
      on("user_sent", { id: "u", type: "user_message" }),
      on("new_message", { id: "run", type: "run", name: "on_message", parentId: "u" }),
      message("a", "", { parentId: "run" }),
      on("new_message", { id: "t", type: "tool", name: "search", parentId: "run" }),
      on("new_message", { id: "t2", type: "llm", name: "think", parentId: "t" }),
      message("said in a tool", "", { parentId: "t" }),
    );
    expect(selectRows(state, "full")).toEqual(["u", "a", "t", "said in a tool"]);
    expect(selectNested(state, "t", "full")).toEqual(["t2"]);
    expect(selectNested(state, "t", "tool_call")).toEqual([]);
    expect(selectRows(state, "hidden")).toEqual(["u", "a", "said in a tool"]);
  });

  it("shows a child of an unknown parent at the top until the parent comes", () => {
    const lost = after(message("x"), message("child", "", { parentId: "tool" }), message("y"));
    expect(selectRows(lost, "full")).toEqual(["x", "child", "y"]);
    const found = reduce(lost, on("new_message", { id: "tool", type: "tool", name: "t" }));
    expect(selectRows(found, "full")).toEqual(["x", "y", "tool", "child"]);
    expect(found.orphans.size).toBe(0);
    expect(reduce(found, on("delete_message", { id: "tool" })).steps.has("child")).toBe(false);
  });

  it("survives parents that go in a circle", () => {
    const state = after(message("a", "", { parentId: "b" }), message("b", "", { parentId: "a" }), message("c", "", { parentId: "c" }));
    expect([...selectRows(state, "full")].sort()).toEqual(["a", "b", "c"]);
  });

  it("moves a message whose parent changes", () => {
    const state = after(message("a"), message("b"), message("c", "", { parentId: "a" }), message("c", "", { parentId: "b" }));
    expect(selectRows(state, "full")).toEqual(["a", "b", "c"]);
    expect(state.children.get("a")).toBeUndefined();
  });

  it("takes ten thousand nested steps", () => {
    const events = Array.from({ length: 10_000 }, (_, at) =>
      on("new_message", { id: `s${at}`, type: "tool", name: "t", ...(at === 0 ? {} : { parentId: "s0" }) }),
    );
    expect(selectNested(after(...events), "s0", "full")).toHaveLength(9_999);
  });
});

describe("asking", () => {
  const ask = on("ask", { msg: { id: "q", type: "assistant_message", output: "?", parentId: "run" }, spec: { type: "text", timeout: 60 } });

  it("shows the question and waits", () => {
    const state = after(on("task_start"), ask);
    expect(state.ask).toEqual({ stepId: "q", parentId: "run", spec: { type: "text", timeout: 60 }, until: null });
    expect(state.running).toBe(false);
    expect(text(state, "q")).toBe("?");
  });

  it("ends by clear_ask, timeout, answer and removal of the question", () => {
    for (const end of [on("clear_ask"), on("ask_timeout"), on("ask_answered"), on("delete_message", { id: "q" })]) {
      expect(after(ask, end).ask).toBeNull();
    }
  });
});

describe("editing", () => {
  it("takes away everything after the message", () => {
    const state = after(
      on("user_sent", { id: "u1", type: "user_message", output: "one" }),
      on("new_message", { id: "r1", type: "run", name: "on_message", parentId: "u1" }),
      message("a1", "", { parentId: "r1" }),
      on("user_sent", { id: "u2", type: "user_message" }),
      message("a2"),
      on("user_edited", { id: "u1", output: "two" }),
    );
    expect(selectRows(state, "full")).toEqual(["u1"]);
    expect(text(state, "u1")).toBe("two");
    expect(state.steps.size).toBe(1);
  });
});

describe("everything else", () => {
  it("keeps actions and elements by id", () => {
    const state = after(on("action", { id: "1", name: "go", forId: "m" }), on("action", { id: "1", name: "go!", forId: "m" }));
    expect(selectActions(state, "m")).toMatchObject([{ name: "go!" }]);
    expect(selectActions(reduce(state, on("remove_action", { id: "1" })), "m")).toEqual([]);
    const held = after(on("element", { id: "e", url: "/x", name: "n" }), on("element", { id: "e", url: "/y" }));
    expect(held.elements.get("e")).toEqual({ id: "e", url: "/y", name: "n" });
    expect(reduce(held, on("remove_element", { id: "e" })).elements.size).toBe(0);
  });

  it("replaces the conversation by a resumed thread, but not what runs", () => {
    const state = after(message("old"), on("task_start"), on("resume_thread", { id: "t", steps: [{ id: "n", type: "user_message" }, {}], elements: null }));
    expect(selectRows(state, "full")).toEqual(["n"]);
    expect(state).toMatchObject({ threadId: "t", running: true });
  });

  it("keeps messages that wait for the connection when a thread is resumed", () => {
    const own = (id: string) => on("user_sent", { id, type: "user_message", output: id });
    const steps = [{ id: "kept", type: "user_message" }];
    const state = after(own("kept"), own("new"), on("message_queued", { id: "kept" }), on("message_queued", { id: "new" }),
      on("resume_thread", { id: "t", steps }));
    expect(selectRows(state, "full")).toEqual(["kept", "new"]);
    expect([...state.queued]).toEqual(["new"]);
  });

  it("numbers toasts", () => {
    const state = after(on("toast", { message: "a", type: "odd" }), on("toast_dismissed", { id: 1 }), on("toast", { message: "b", type: "error" }));
    expect(state.toasts).toEqual([{ id: 2, text: "b", kind: "error" }]);
  });

  it("ignores unknown events and never throws", () => {
    const names = ["no_such", "__proto__", "constructor", "new_message", "update_message", "delete_message", "stream_start", "stream_token",
      "ask", "clear_ask", "element", "remove_element", "action", "remove_action", "resume_thread", "resume_thread_error", "toast",
      "first_interaction", "set_commands", "token_usage", "user_edited", "chat_settings"];
    for (const data of [undefined, null, 0, "", "text", [], {}, { id: null }, { id: "" }, { id: 7 }, { msg: {} }, { message: 1 }, { steps: 3 }]) {
      for (const name of names) expect(() => reduce(emptyConversation, { name, data })).not.toThrow();
    }
    expect(reduce(emptyConversation, on("no_such", { id: "a" }))).toBe(emptyConversation);
  });
});

it("takes five thousand messages in one burst", () => {
  const events = Array.from({ length: 5_000 }, (_, at) => message(`m${at}`, "text"));
  expect(selectRows(after(...events), "full")).toHaveLength(5_000);
});
