import { describe, expect, it } from "vitest";
import { type ChatEvent, emptyConversation, reduceAll, selectModes, widgetsOf } from ".";

const after = (...events: [string, unknown][]) =>
  reduceAll(
    emptyConversation,
    events.map(([name, data]): ChatEvent => ({ name, data })),
  );

const commands = [
  { id: "Picture", icon: "image", description: "Draws" },
  { id: "Search", button: true, selected: true },
  { id: "Sticky", persistent: true },
];
const sent = (command: string): [string, unknown] => ["user_sent", { id: "m", type: "user_message", output: "x", command }];

describe("commands", () => {
  it("begin with the one that the application selected, unless the reader chose another", () => {
    expect(after(["set_commands", commands]).command).toBe("Search");
    expect(after(["set_commands", commands], ["command_chosen", { id: "Picture" }], ["set_commands", commands]).command).toBe("Picture");
  });

  it("that are offered no more are chosen no more", () => {
    expect(after(["set_commands", commands], ["set_commands", []]).command).toBeNull();
    expect(after(["set_commands", commands], ["command_chosen", { id: "unknown" }]).command).toBeNull();
  });

  it("hold for one message, unless they are persistent", () => {
    expect(after(["set_commands", commands], sent("Search")).command).toBeNull();
    expect(after(["set_commands", commands], ["command_chosen", { id: "Sticky" }], sent("Sticky")).command).toBe("Sticky");
  });
});

describe("modes", () => {
  const modes = [
    { id: "model", name: "Model", options: [{ id: "a" }, { id: "b", default: true }] },
    { id: "effort", options: [{ id: "low" }, { id: "high" }] },
    { id: "empty", options: [] },
  ];

  it("always have a chosen option: the default, or the first", () => {
    expect(selectModes(after(["set_modes", modes]))).toEqual({ model: "b", effort: "low" });
    expect(selectModes(after())).toBeNull();
  });

  it("keep the reader's choice when the same come again, and not when others come", () => {
    const chosen: [string, unknown] = ["mode_chosen", { mode: "model", option: "a" }];
    expect(selectModes(after(["set_modes", modes], chosen, ["set_modes", modes]))?.["model"]).toBe("a");
    expect(selectModes(after(["set_modes", modes], chosen, ["set_modes", modes.slice(0, 1)]))).toEqual({ model: "b" });
    expect(selectModes(after(["set_modes", modes], ["mode_chosen", { mode: "model", option: "no" }]))?.["model"]).toBe("b");
  });
});

describe("settings", () => {
  const slider = { type: "slider", id: "t", initial: 5, min: 0, max: 2, step: 0.1 };
  const texts = { type: "textinput", id: "n", label: "Name", initial: "x" };

  it("are one form, with tabs or without", () => {
    const flat = after(["chat_settings", [slider, texts]]).settings;
    expect(flat?.form.tabs.map(({ label, widgets }) => [label, widgets.length])).toEqual([["", 2]]);
    expect(flat?.values).toEqual({ t: 2, n: "x" });
    const tabs = after(["chat_settings", [{ id: "g", label: "General", inputs: [slider] }, { id: "e", inputs: [] }]]).settings;
    expect(tabs?.form.tabs.map(({ label }) => label)).toEqual(["General"]);
  });

  it("hold what was confirmed, as far as there is a field for it, until another form comes", () => {
    const confirmed: [string, unknown] = ["settings_confirmed", { n: "y", t: "no number", other: 1 }];
    expect(after(["chat_settings", [slider, texts]], confirmed).settings?.values).toEqual({ n: "y", t: 0 });
    expect(after(["chat_settings", [slider, texts]], confirmed, ["chat_settings", [texts]]).settings?.values).toEqual({ n: "x" });
  });

  it("of a resumed thread are those it was left with", () => {
    const thread = { id: "t1", steps: [], metadata: { chat_settings: { n: "before" } } };
    expect(after(["chat_settings", [texts]], ["resume_thread", thread]).settings?.values).toEqual({ n: "before" });
  });
});

it("favourites are known at once", () => {
  const said: [string, unknown] = ["new_message", { id: "m", type: "user_message", output: "x" }];
  const marked = after(said, ["favorite_marked", { id: "m", favorite: true }]);
  expect(marked.steps.get("m")?.metadata).toEqual({ favorite: true });
  expect(marked.favorites.map(({ id }) => id)).toEqual(["m"]);
  expect(after(said, ["favorite_marked", { id: "m", favorite: true }], ["favorite_marked", { id: "m", favorite: false }]).favorites).toEqual([]);
});

it("tokens are counted", () => {
  expect(after(["token_usage", 3], ["token_usage", "x"], ["token_usage", NaN], ["token_usage", 4]).tokens).toBe(7);
});

const hostile = [
  null,
  undefined,
  7,
  "text",
  {},
  [null, 1, "x", [], {}],
  [{ id: 5 }, { id: "" }],
  [{ id: "__proto__", options: [{ id: "__proto__" }] }, { id: "a", options: {} }],
  [{ id: "a", type: "slider", min: "x", max: null, step: -1, items: 5, initial: {} }],
  [{ id: "a", type: "select", items: [null, { value: 5 }, { value: "v", label: {} }], label: 5 }],
  [{ id: "tab", inputs: [{ id: "tab", type: "datepicker", mode: "range", initial: 5, min_date: 7 }, null] }],
  [{ id: "__proto__", type: "textinput" }, { id: "constructor", type: "tags", initial: "x" }],
];

it.each(["set_commands", "set_modes", "chat_settings", "set_favorites", "token_usage", "command_chosen", "mode_chosen", "settings_confirmed", "favorite_marked", "feedback_given"])(
  "%s survives everything",
  (name) => {
    for (const data of hostile) {
      const state = after(["chat_settings", [{ id: "a", type: "textinput" }]], [name, data], [name, data]);
      expect(() => selectModes(state)).not.toThrow();
      for (const widget of state.settings === null ? [] : widgetsOf(state.settings.form)) {
        expect(typeof widget.label).toBe("string");
        expect(widget.step).toBeGreaterThan(0);
      }
    }
  },
);
