import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Chat } from "../../client/chat";
import { createTranslate } from "../../client/i18n/translate";
import { type ChatEvent, emptyConversation, reduce } from "../../client/state";
import { createStore } from "../../client/store";
import { AppContext, type AppValue } from "../app/context";
import SettingsForm from "./SettingsForm";

let root: Root;
let place: HTMLElement;
const close = vi.fn();

function draw(...widgets: object[]) {
  const conversation = createStore(emptyConversation);
  const tell = (event: ChatEvent) => conversation.update((now) => reduce(now, event));
  const chat = {
    conversation,
    connection: { state: createStore({ phase: "connected" }) },
    editSettings: vi.fn(),
    changeSettings: vi.fn().mockReturnValue(true),
  };
  const form = (...all: object[]) => act(() => tell({ name: "chat_settings", data: all }));
  form(...widgets);
  const app = { t: createTranslate({}), chat: chat as unknown as Chat } as AppValue;
  act(() =>
    root.render(
      <AppContext.Provider value={app}>
        <SettingsForm confirmId="confirm" onClose={close} />
      </AppContext.Provider>,
    ),
  );
  return { chat, form };
}

const field = (id: string) => place.querySelector<HTMLInputElement>(`#${id}`) as HTMLInputElement;
const confirm = () => act(() => field("confirm").click());

function type(id: string, text: string) {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
  act(() => {
    set?.call(field(id), text);
    field(id).dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const text = (id: string, initial: string | null = null) => ({ type: "textinput", id, initial });

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
  close.mockClear();
  place = document.createElement("div");
  document.body.append(place);
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("tells of changes once the reader pauses, and of the last one before they confirm", () => {
  const { chat } = draw(text("a", "x"), { type: "switch", id: "s", initial: true });
  type("a", "y");
  type("a", "yz");
  expect(chat.editSettings).not.toHaveBeenCalled();
  vi.advanceTimersByTime(300);
  expect(chat.editSettings).toHaveBeenCalledExactlyOnceWith({ a: "yz", s: true });
  act(() => field("s").click());
  type("a", "");
  confirm();
  expect(chat.editSettings).toHaveBeenLastCalledWith({ a: "", s: false });
  expect(chat.changeSettings).toHaveBeenCalledExactlyOnceWith({ a: null, s: false });
  expect(close).toHaveBeenCalledOnce();
});

it("takes another form over, except for what was changed meanwhile", () => {
  const { form } = draw(text("a", "x"), text("b", "x"));
  type("a", "told");
  act(() => void vi.advanceTimersByTime(300));
  type("b", "untold");
  form(text("a", "new"), text("b", "new"), text("c", "new"));
  expect([field("a").value, field("b").value, field("c").value]).toEqual(["new", "untold", "new"]);
});

it("does not confirm a day that is out of bounds, and stays open without a connection", () => {
  const { chat } = draw({ type: "datepicker", id: "d", initial: "2026-01-05", max_date: "2026-12-31" });
  type("d", "2027-01-01");
  confirm();
  expect(chat.changeSettings).not.toHaveBeenCalled();
  expect(place.querySelector("[role=alert]")?.textContent).toBe("Not after 2026-12-31");
  type("d", "2026-02-01");
  chat.changeSettings.mockReturnValue(false);
  confirm();
  expect(chat.changeSettings).toHaveBeenCalledOnce();
  expect(close).not.toHaveBeenCalled();
});

it("moves a slider by the keyboard, in clean steps", () => {
  draw({ type: "slider", id: "t", initial: 1, min: 0, max: 2, step: 0.1 });
  const slider = place.querySelector<HTMLElement>("#t [role=slider]") as HTMLElement;
  const press = (key: string) => act(() => void slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
  for (let at = 0; at < 6; at += 1) press("ArrowLeft");
  expect(slider.getAttribute("aria-valuenow")).toBe("0.4");
  press("End");
  press("ArrowRight");
  expect(slider.getAttribute("aria-valuenow")).toBe("2");
});

it("adds and removes tags", () => {
  const { chat } = draw({ type: "tags", id: "g", initial: ["a"] });
  type("g", "b, c,");
  act(() => place.querySelector<HTMLElement>("[aria-label='Remove “a”']")?.click());
  confirm();
  expect(chat.changeSettings).toHaveBeenCalledWith({ g: ["b", "c"] });
});
