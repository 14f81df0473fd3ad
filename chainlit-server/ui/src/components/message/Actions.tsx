import { useCallback, useState } from "react";
import { useSelect, useStore } from "../../client/hooks";
import type { ActionDict } from "../../client/protocol";
import { type ConversationState, selectActions } from "../../client/state";
import { useApp } from "../app/context";
import { NamedIcon } from "../icons/NamedIcon";

export function Actions({ id }: { id: string }) {
  const { chat } = useApp();
  const actions = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectActions(state, id), [id]),
  );
  if (actions.length === 0) return null;
  return (
    <div className="actions">
      {actions.map((action) => (
        <ActionButton key={action.id} action={action} />
      ))}
    </div>
  );
}

function ActionButton({ action }: { action: ActionDict }) {
  const { t, chat } = useApp();
  const { phase } = useStore(chat.connection.state);
  const [busy, setBusy] = useState(false);
  const label = action.label || action.name;
  const run = async () => {
    setBusy(true);
    try {
      await chat.act(action);
    } catch (failure) {
      chat.toast(t("page.actionFailed", { action: label, reason: (failure as Error).message }), "error");
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      id={action.id}
      className="button quiet"
      title={action.tooltip || undefined}
      disabled={busy || phase !== "connected"}
      onClick={() => void run()}
    >
      <NamedIcon icon={action.icon} />
      <span dir="auto">{label}</span>
    </button>
  );
}
