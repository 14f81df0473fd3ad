import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Chat } from "../../client/chat";
import { createTranslate } from "../../client/i18n/translate";
import { type ChatEvent, emptyConversation, reduce } from "../../client/state";
import { createStore } from "../../client/store";
import { AppContext, type AppValue } from "../app/context";
import { SideView } from "../side-view/SideView";
import { SettingsButton } from "./SettingsButton";
import { SettingsPanel } from "./SettingsPanel";

let root: Root;
let place: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  place = document.createElement("div");
  document.body.append(place);
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
});

it("shows beside the conversation what was opened last, and behind it the other", async () => {
  const conversation = createStore(emptyConversation);
  const tell = (event: ChatEvent) => act(() => conversation.update((now) => reduce(now, event)));
  const chat = { conversation, connection: { state: createStore({ phase: "connected" }) }, editSettings: vi.fn() };
  const settings = { ui: { chat_settings_location: "sidebar" } };
  const app = { t: createTranslate({}), chat: chat as unknown as Chat, settings } as AppValue;
  await act(async () => {
    root.render(
      <AppContext.Provider value={app}>
        <SettingsButton />
        <SettingsPanel />
        <SideView />
      </AppContext.Provider>,
    );
    await vi.dynamicImportSettled();
  });
  const button = () => place.querySelector<HTMLElement>("#chat-settings-header-button") as HTMLElement;
  const shown = () => [...place.querySelectorAll<HTMLElement>("aside")].filter(({ hidden }) => !hidden).map(({ className }) => className);

  tell({ name: "chat_settings", data: [{ type: "switch", id: "s", initial: true }] });
  tell({ name: "set_sidebar_title", data: "One" });
  expect(shown()).toEqual(["side-view"]);
  act(() => button().click());
  expect(shown()).toEqual(["settings-panel"]);
  tell({ name: "set_sidebar_title", data: "Two" });
  expect(shown()).toEqual(["side-view"]);
  // The form is still there, and comes to the front instead of being closed.
  expect(place.querySelectorAll("aside")).toHaveLength(2);
  act(() => button().click());
  expect(shown()).toEqual(["settings-panel"]);
  tell({ name: "set_sidebar_title", data: "Three" });
  tell({ name: "side_closed", data: null });
  expect(shown()).toEqual(["settings-panel"]);
  act(() => button().click());
  expect(shown()).toEqual([]);
});
