import { useEffect, useRef, useState } from "react";
import { useStore } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { useApp } from "../app/context";

/** Changing an own message asks anew: everything after it goes away. */
export function EditForm({ step, onClose }: { step: StepDict; onClose: () => void }) {
  const { t, chat } = useApp();
  const { phase } = useStore(chat.connection.state);
  const [text, setText] = useState(step.output ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = text.trim() !== "" && phase !== "refused" && phase !== "elsewhere";

  useEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
    element?.parentElement?.scrollIntoView({ block: "nearest" });
  }, []);

  const confirm = () => {
    if (!ready) return;
    onClose();
    chat.edit(step.id, text.trim());
  };
  return (
    <div className="edit-form">
      <textarea
        ref={field}
        id="edit-chat-input"
        aria-label={t("page.editField")}
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            onClose();
          } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            confirm();
          }
        }}
      />
      <div className="edit-buttons">
        <button type="button" className="button quiet" onClick={onClose}>
          {t("common.actions.cancel")}
        </button>
        <button type="button" className="button confirm-edit" disabled={!ready} onClick={confirm}>
          {t("page.save")}
        </button>
      </div>
    </div>
  );
}
