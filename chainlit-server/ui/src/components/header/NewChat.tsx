import { useState } from "react";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { PlusIcon } from "../icons/icons";

export function NewChat() {
  const { t, go, settings } = useApp();
  const [asking, setAsking] = useState(false);
  const begin = () => {
    setAsking(false);
    void go.newChat().then(() => document.getElementById("chat-input")?.focus());
  };
  return (
    <>
      <button
        type="button"
        id="new-chat-button"
        className="text-button"
        aria-label={t("navigation.newChat.button")}
        onClick={() => (settings.ui?.confirm_new_chat === false ? begin() : setAsking(true))}
      >
        <PlusIcon />
        <span>{t("navigation.newChat.button")}</span>
      </button>
      <Dialog
        id="new-chat-dialog"
        title={t("navigation.newChat.dialog.title")}
        open={asking}
        onClose={() => setAsking(false)}
        footer={
          <>
            <button type="button" className="button quiet" onClick={() => setAsking(false)}>
              {t("common.actions.cancel")}
            </button>
            <button type="button" id="confirm" className="button" onClick={begin}>
              {t("common.actions.confirm")}
            </button>
          </>
        }
      >
        <p>{t("navigation.newChat.dialog.description")}</p>
      </Dialog>
    </>
  );
}
