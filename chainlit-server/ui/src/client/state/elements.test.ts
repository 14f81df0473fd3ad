import { describe, expect, it } from "vitest";
import { emptyConversation, reduceAll, selectElements, selectLinked, selectTaskList } from ".";
import type { ChatEvent, ConversationState } from ".";

const on = (name: string, data: unknown): ChatEvent => ({ name, data });
const after = (...events: ChatEvent[]): ConversationState => reduceAll(emptyConversation, events);
const element = (id: string, fields: object = {}) =>
  on("element", { id, type: "text", name: id, display: "inline", forId: "m", ...fields });

describe("elements", () => {
  it("are laid over what is known of them, and keep their place", () => {
    const state = after(element("a", { language: "rust" }), element("b"), on("element", { id: "a", name: "new" }));
    expect(selectElements(state, "m").map(({ name, language }) => [name, language])).toEqual([
      ["new", "rust"],
      ["b", undefined],
    ]);
  });

  it("lose what is of another type than it should be", () => {
    const state = after(
      on("element", { id: "a", type: "iframe", name: { toString: 1 }, display: [], forId: 5, props: [], page: "1", url: {} }),
      on("element", { id: "b", type: null, name: null, display: null, forId: null, url: null, props: null }),
    );
    expect(state.elements.get("a")).toEqual({ id: "a" });
    expect(state.elements.get("b")).toEqual({ id: "b", url: null, props: null });
  });

  it("are linked when they are not shown in the message, and the list keeps its identity", () => {
    const state = after(element("a", { display: "page" }), element("b"), element("c", { display: "page", name: "" }));
    expect(selectLinked(state, "m").map(({ id }) => id)).toEqual(["a"]);
    expect(selectLinked(state, "m")).toBe(selectLinked(state, "m"));
    expect(selectLinked(state, "other")).toBe(selectLinked(state, "another"));
  });

  it("show the newest list of tasks", () => {
    expect(selectTaskList(after())).toBeNull();
    const state = after(element("t1", { type: "tasklist" }), element("t2", { type: "tasklist" }), element("x"));
    expect(selectTaskList(state)?.id).toBe("t2");
  });
});

describe("the side view", () => {
  const sidebar = (key: string | null, ...ids: string[]) =>
    on("set_sidebar_elements", { elements: ids.map((id) => ({ id, type: "text", name: id })), key });

  it("opens with a title, takes elements and closes without them", () => {
    const opened = after(on("set_sidebar_title", "Plan"), sidebar(null, "a", "b"));
    expect(opened.sideView).toEqual({ title: "Plan", elements: ["a", "b"], key: null, byItself: false });
    expect(reduceAll(opened, [sidebar(null)]).sideView).toBeNull();
  });

  it("ignores elements under the key that is open, but never those without a key", () => {
    const ids = (...events: ChatEvent[]) => after(...events).sideView?.elements;
    expect(ids(sidebar("k", "a"), sidebar("k", "b"))).toEqual(["a"]);
    expect(ids(sidebar("k", "a"), sidebar("l", "b"))).toEqual(["b"]);
    expect(ids(sidebar(null, "a"), sidebar(null, "b"))).toEqual(["b"]);
  });

  it("shows the elements under a key again once the reader closed it", () => {
    expect(after(sidebar("k", "a"), on("side_closed", null), sidebar("k", "b")).sideView?.elements).toEqual(["b"]);
  });

  it("opens by itself for a new side element, but not for one that is known", () => {
    const side = { display: "side" };
    const state = after(element("a", side), element("b", side), element("other", { ...side, forId: "n" }), element("c", side));
    expect(state.sideView).toEqual({ title: "c", elements: ["a", "b", "c"], key: null, byItself: true });
    const closed = reduceAll(state, [on("side_closed", null), element("a", side)]);
    expect(closed.sideView).toBeNull();
  });

  it("opens what the reader wants, and closes when that is removed", () => {
    const state = after(element("a", { display: "page" }), on("side_opened", { id: "a" }));
    expect(state.sideView).toEqual({ title: "a", elements: ["a"], key: null, byItself: false });
    expect(reduceAll(state, [on("remove_element", { id: "a" })]).sideView).toBeNull();
    expect(after(on("side_opened", { id: "nothing" })).sideView).toBeNull();
  });

  it("goes away with the conversation", () => {
    expect(after(sidebar("k", "a"), on("reset", null)).sideView).toBeNull();
    expect(after(sidebar("k", "a"), on("resume_thread", { id: "t", steps: [] })).sideView).toBeNull();
  });
});

const hostile: unknown[] = [null, 1, "x", [], {}, { id: 1 }, { id: "" }, { elements: "x" }, { elements: [null, 1, { id: [] }] }, { elements: {}, key: {} }];

it.each(["element", "remove_element", "set_sidebar_title", "set_sidebar_elements", "side_opened", "side_closed", "resume_thread"])(
  "%s bears anything",
  (name) => {
    for (const data of hostile) {
      const state = after(element("a"), on(name, data));
      expect(() => [selectElements(state, "m"), selectLinked(state, "m"), selectTaskList(state)]).not.toThrow();
    }
    expect(after(on("resume_thread", { id: "t", elements: hostile })).elements.size).toBe(0);
  },
);
