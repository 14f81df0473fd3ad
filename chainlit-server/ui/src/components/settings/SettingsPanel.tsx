import { lazy, Suspense, useEffect, useRef } from "react";
import { useSelect, useStore } from "../../client/hooks";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { CloseIcon } from "../icons/icons";
import { settingsOpen } from "./open";
import "./panel.css";

const SettingsForm = lazy(() => import("./SettingsForm"));

const hasForm = (state: ConversationState) => state.settings !== null;

/** The chat's settings beside the conversation, where the application wants them there. */
export function SettingsPanel() {
  const { t, chat, settings } = useApp();
  const open = useStore(settingsOpen);
  const shown = useSelect(chat.conversation, hasForm);
  const isPanel = settings.ui?.chat_settings_location === "sidebar";
  const opensItself = isPanel && settings.ui?.default_chat_settings_open === true;
  const began = useRef(false);

  useEffect(() => {
    if (!shown || !opensItself || began.current) return;
    began.current = true;
    // On a small screen it would lie over the conversation.
    if (window.matchMedia("(min-width: 60rem)").matches) settingsOpen.set(true);
  }, [shown, opensItself]);

  if (!isPanel || !open || !shown) return null;
  const close = () => {
    settingsOpen.set(false);
    document.getElementById("chat-settings-open-modal")?.focus();
  };
  return (
    // Escape is a convenience: the button does the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      id="chat-settings"
      className="settings-panel"
      aria-labelledby="chat-settings-sidebar-title"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        close();
      }}
    >
      <div className="panel-head">
        <h2 id="chat-settings-sidebar-title">{t("chat.settings.title")}</h2>
        <button type="button" className="icon-button" aria-label={t("page.close")} onClick={close}>
          <CloseIcon />
        </button>
      </div>
      <div id="chat-settings-sidebar-content">
        <Suspense fallback={<p>{t("common.status.loading")}</p>}>
          <SettingsForm confirmId="confirm-sidebar" onClose={null} />
        </Suspense>
      </div>
    </aside>
  );
}
