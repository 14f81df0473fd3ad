import { lazy, Suspense, useEffect, useRef } from "react";
import { useSelect } from "../../client/hooks";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { besideQuery } from "../app/useMedia";
import { CloseIcon } from "../icons/icons";
import { closeSettings, useSettingsPlace } from "./open";
import "./panel.css";

const SettingsForm = lazy(() => import("./SettingsForm"));

const hasForm = (state: ConversationState) => state.settings !== null;

/** The chat's settings beside the conversation, where the application wants them there. */
export function SettingsPanel() {
  const { t, chat, settings } = useApp();
  const { isPanel, buttonId, open, inFront, show } = useSettingsPlace();
  const shown = useSelect(chat.conversation, hasForm);
  const opensItself = isPanel && settings.ui?.default_chat_settings_open === true;
  const began = useRef(false);

  useEffect(() => {
    if (!shown || !opensItself || began.current) return;
    began.current = true;
    // On a small screen it would lie over the conversation.
    if (window.matchMedia(besideQuery).matches) show();
  }, [shown, opensItself, show]);

  if (!isPanel || !open) return null;
  const close = () => {
    closeSettings();
    document.getElementById(buttonId)?.focus();
  };
  return (
    // Escape is a convenience: the button does the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      id="chat-settings"
      className="settings-panel"
      // What was filled in stays while something else is in front of it.
      hidden={!inFront}
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
