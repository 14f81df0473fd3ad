import { lazy, Suspense } from "react";
import { useSelect } from "../../client/hooks";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { SlidersIcon } from "../icons/icons";
import { closeSettings, useSettingsPlace } from "./open";

const SettingsForm = lazy(() => import("./SettingsForm"));

const selectForm = (state: ConversationState) => state.settings?.form ?? null;

/** Opens the form with the chat's settings: a dialog, or the panel at the page's side. */
export function SettingsButton() {
  const { t, chat } = useApp();
  const form = useSelect(chat.conversation, selectForm);
  const { isPanel, buttonId, inFront, show } = useSettingsPlace();
  if (form === null) return null;
  const label = t("navigation.user.menu.settings");
  return (
    <>
      <button
        type="button"
        id={buttonId}
        className={isPanel ? "icon-button" : "tool only-icon"}
        aria-label={label}
        title={label}
        aria-haspopup={isPanel ? undefined : "dialog"}
        aria-expanded={isPanel ? inFront : undefined}
        onClick={inFront ? closeSettings : show}
      >
        <SlidersIcon />
      </button>
      {!isPanel && (
        <Dialog id="chat-settings" title={t("chat.settings.title")} open={inFront} onClose={closeSettings}>
          <Suspense fallback={<p>{t("common.status.loading")}</p>}>
            <SettingsForm confirmId="confirm" onClose={closeSettings} />
          </Suspense>
        </Dialog>
      )}
    </>
  );
}
