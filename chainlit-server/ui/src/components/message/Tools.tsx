import { useCallback } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { type ConversationState, isLastAnswer } from "../../client/state";
import { useApp } from "../app/context";
import { PencilIcon, RetryIcon, StarIcon } from "../icons/icons";
import { CopyButton } from "./CopyButton";
import { Feedback } from "./Feedback";

const selectView = ({ view }: ConversationState) => view;
const isRunning = (state: ConversationState) => state.running;

/** What can be done with a message. */
export function Tools({ step, own, onEdit }: { step: StepDict; own: boolean; onEdit: () => void }) {
  const { t, chat, settings } = useApp();
  const running = useSelect(chat.conversation, isRunning);
  const forgotten = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => state.forgotten.has(step.id), [step.id]),
  );
  const view = useSelect(chat.conversation, selectView);
  const isLive = view === "live";
  const hasText = (step.output ?? "") !== "";
  const canEdit = isLive && !forgotten && settings.features?.edit_message !== false;
  return (
    <div className="tools">
      {hasText && <CopyButton text={step.output ?? ""} />}
      {own && hasText && canEdit && (
        <button
          type="button"
          className="icon-button small edit-message"
          aria-label={t("page.edit")}
          title={t("page.edit")}
          disabled={running}
          onClick={onEdit}
        >
          <PencilIcon />
        </button>
      )}
      {own && hasText && isLive && <Star step={step} />}
      {!own && canEdit && <Regenerate id={step.id} disabled={running} />}
      {!own && !forgotten && view !== "shared" && <Feedback id={step.id} />}
    </div>
  );
}

function Star({ step }: { step: StepDict }) {
  const { t, chat, settings } = useApp();
  if (settings.features?.favorites !== true || settings.dataPersistence !== true) return null;
  const favorite = step.metadata?.["favorite"] === true;
  return (
    <button
      type="button"
      className="icon-button small favorite-message"
      aria-label={t("page.favorite")}
      aria-pressed={favorite}
      title={t("page.favorite")}
      onClick={() => chat.markFavorite(step, !favorite)}
    >
      <StarIcon filled={favorite} />
    </button>
  );
}

/** The last answer can be asked for once more. */
function Regenerate({ id, disabled }: { id: string; disabled: boolean }) {
  const { t, chat, detail } = useApp();
  const isLast = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => isLastAnswer(state, id, detail), [id, detail]),
  );
  if (!isLast) return null;
  return (
    <button
      type="button"
      className="icon-button small regenerate-message"
      aria-label={t("page.regenerate")}
      title={t("page.regenerate")}
      disabled={disabled}
      onClick={() => {
        chat.regenerate();
        // The button goes away with the answer.
        document.getElementById("chat-input")?.focus();
      }}
    >
      <RetryIcon />
    </button>
  );
}
