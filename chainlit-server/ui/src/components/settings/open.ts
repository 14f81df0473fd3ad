import { useSelect, useStore } from "../../client/hooks";
import type { ConversationState, SideView } from "../../client/state";
import { createStore } from "../../client/store";
import { useApp } from "../app/context";

/** Where the chat's settings are: not open, or opened over what was beside the conversation then. */
type Place = { over: SideView | null } | null;

/** The button and the panel are far from each other. */
const place = createStore<Place>(null);

export const closeSettings = () => place.set(null);

const selectSide = (state: ConversationState) => state.sideView;
const hasForm = (state: ConversationState) => state.settings !== null;

/**
 * Whether the form with the chat's settings is open, and whether it is in front. The panel shares its place with the
 * side view: the one that was opened last is in front, the other one waits behind it.
 */
export function useSettingsPlace() {
  const { chat, settings } = useApp();
  const isPanel = settings.ui?.chat_settings_location === "sidebar";
  const there = useSelect(chat.conversation, hasForm);
  const side = useSelect(chat.conversation, selectSide);
  const now = useStore(place);
  const open = there && now !== null;
  return {
    isPanel,
    buttonId: isPanel ? "chat-settings-header-button" : "chat-settings-open-modal",
    open,
    inFront: open && (!isPanel || side === null || side === now.over),
    show: () => place.set({ over: chat.conversation.get().sideView }),
  };
}
