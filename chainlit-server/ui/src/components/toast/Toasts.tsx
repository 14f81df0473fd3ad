import { useEffect } from "react";
import { useSelect } from "../../client/hooks";
import type { ConversationState, Toast } from "../../client/state";
import { useApp } from "../app/context";
import { CloseIcon } from "../icons/icons";
import "./toast.css";

const selectToasts = (state: ConversationState) => state.toasts;
const lifetime = 6000;

export function Toasts() {
  const { chat } = useApp();
  const toasts = useSelect(chat.conversation, selectToasts);
  return (
    <div className="toasts" aria-live="polite">
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const { t, chat } = useApp();
  useEffect(() => {
    // Errors stay until they are read.
    if (toast.kind === "error") return;
    const timer = setTimeout(() => chat.dismissToast(toast.id), lifetime);
    return () => clearTimeout(timer);
  }, [chat, toast]);
  return (
    <div className={`toast toast-${toast.kind}`} role={toast.kind === "error" ? "alert" : undefined}>
      <span dir="auto">{toast.text}</span>
      <button type="button" className="icon-button" aria-label={t("page.dismiss")} onClick={() => chat.dismissToast(toast.id)}>
        <CloseIcon />
      </button>
    </div>
  );
}
