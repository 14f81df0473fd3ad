// The cases of ui/TRANSITIONS.md, in the same order and under the same names.
import { describe, expect, it } from "vitest";
import { joinTokens } from "../connection/tokens";
import { reduceAll } from "./reduce";
import { selectRows } from "./select";
import { type ChatEvent, emptyConversation } from "./types";

const on = (name: string, data: unknown = {}): ChatEvent => ({ name, data });
const message = (id: string, output: string, more: object = {}) => on("new_message", { id, type: "assistant_message", output, ...more });
const after = (...events: ChatEvent[]) => reduceAll(emptyConversation, joinTokens(events));
const token = (id: string, text: string, more: object = {}) => on("stream_token", { id, token: text, ...more });

describe("hard transitions", () => {
  it("duplicate id: the second is laid over the first, in its place", () => {
    const state = after(message("a", "one", { name: "A" }), message("b", "b"), message("a", "two"));
    expect(selectRows(state, "full")).toEqual(["a", "b"]);
    expect(state.steps.get("a")).toMatchObject({ output: "two", name: "A" });
  });

  it("duplicate stream_start: the whole text of the second replaces what was gathered", () => {
    const start = (output: string) => on("stream_start", { id: "a", type: "assistant_message", output, streaming: true });
    const state = after(start("He"), token("a", "llo"), start("Hello wor"), token("a", "ld"));
    expect(state.steps.get("a")?.output).toBe("Hello world");
  });

  it("token before start: is dropped, the start brings the text", () => {
    const state = after(token("a", "lost"), on("stream_start", { id: "a", type: "assistant_message", output: "Hi", streaming: true }));
    expect(state.steps.get("a")?.output).toBe("Hi");
  });

  it("token after removal: does not bring the message back", () => {
    const state = after(message("a", "x"), on("delete_message", { id: "a" }), token("a", "y"), on("update_message", { id: "a", output: "z" }));
    expect(state.steps.size).toBe(0);
  });

  it("stop while streaming: the text stays, late tokens still count, nothing spins", () => {
    const state = after(
      on("task_start"),
      on("stream_start", { id: "a", type: "assistant_message", output: "one", streaming: true }),
      on("user_stopped"),
      token("a", " two"),
      message("s", "Task manually stopped."),
      on("task_end"),
    );
    expect(state.steps.get("a")).toMatchObject({ output: "one two", streaming: false });
    expect(state).toMatchObject({ running: false });
    expect(state.streaming.size).toBe(0);
  });

  it("reconnect after too much was missed, or a reload: the re-sent conversation is laid over the known one", () => {
    const state = after(
      on("user_sent", { id: "u", type: "user_message", output: "hi" }),
      on("task_start"),
      on("stream_start", { id: "a", type: "assistant_message", output: "one", streaming: true }),
      // Here the connection was away for two tokens.
      on("task_end"),
      on("clear_ask"),
      on("new_message", { id: "u", type: "user_message", output: "hi" }),
      message("a", "one two three", { streaming: true }),
      on("task_start"),
      token("a", " four"),
    );
    expect(selectRows(state, "full")).toEqual(["u", "a"]);
    expect(state.steps.get("a")?.output).toBe("one two three four");
    expect(state.running).toBe(true);
    expect(state.streaming.has("a")).toBe(true);
  });

  it("reconnect during a question: it is closed and opened again", () => {
    const ask = on("ask", { msg: { id: "q", type: "assistant_message", output: "?" }, spec: { type: "text" } });
    expect(after(ask, on("task_end"), on("clear_ask"), ask).ask?.stepId).toBe("q");
    expect(selectRows(after(ask, on("clear_ask"), ask), "full")).toEqual(["q"]);
  });

  it("child before parent: is shown at the top and moves below", () => {
    const state = after(message("c", "x", { parentId: "p" }), message("d", "y"), on("new_message", { id: "p", type: "tool", name: "t" }));
    expect(selectRows(state, "full")).toEqual(["d", "p", "c"]);
  });

  it("replacing token among others: only what came before it is lost", () => {
    const state = after(message("a", "x"), token("a", "1"), token("a", "2", { isSequence: true }), token("a", "3"));
    expect(state.steps.get("a")?.output).toBe("23");
  });

  it("tokens of two texts: keep their own order", () => {
    const state = after(message("a", ""), message("b", ""), token("a", "1"), token("b", "x"), token("a", "2"), token("b", "y"));
    expect([state.steps.get("a")?.output, state.steps.get("b")?.output]).toEqual(["12", "xy"]);
  });

  it("server started anew: what is shown is forgotten, what is queued is not", () => {
    const state = after(
      message("a", "old", { threadId: "one" }),
      on("user_sent", { id: "q", type: "user_message", output: "still to send" }),
      on("message_queued", { id: "q" }),
      message("b", "new", { threadId: "two" }),
      message("c", "newer", { threadId: "two" }),
    );
    expect([...state.forgotten]).toEqual(["a"]);
    expect(selectRows(state, "full")).toEqual(["a", "q", "b", "c"]);
  });
});
