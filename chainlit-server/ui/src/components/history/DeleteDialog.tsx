import { useState } from "react";
import type { ThreadDict } from "../../client/protocol";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { useHistory } from "./useHistory";

/** What is deleted does not come back, so it is asked once. */
export function DeleteDialog({ thread, onClose }: { thread: ThreadDict; onClose: () => void }) {
  const { t, chat } = useApp();
  const history = useHistory();
  const [busy, setBusy] = useState(false);
  const text = (key: string) => t(`threadHistory.thread.actions.delete.${key}`);

  const remove = async () => {
    setBusy(true);
    try {
      await history.remove(thread.id);
      chat.toast(text("success"), "success");
      onClose();
      // The row that the focus came from is gone.
      document.getElementById("search-chats")?.focus();
    } catch (failure) {
      setBusy(false);
      const reason = (failure as Error).message;
      chat.toast(t("page.actionFailed", { action: t("threadHistory.thread.menu.delete"), reason }), "error");
    }
  };
  return (
    <Dialog
      id="delete-thread-dialog"
      title={text("title")}
      open
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button quiet" onClick={onClose}>
            {t("common.actions.cancel")}
          </button>
          <button type="button" id="confirm" className="button danger" disabled={busy} onClick={() => void remove()}>
            {busy ? text("inProgress") : t("threadHistory.thread.menu.delete")}
          </button>
        </>
      }
    >
      <p className="thread-title" dir="auto">
        {thread.name || t("threadHistory.thread.untitled")}
      </p>
      <p>{text("description")}</p>
    </Dialog>
  );
}
