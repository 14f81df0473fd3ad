import { useCallback, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { type ConversationState, selectScored } from "../../client/state";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { PencilIcon, ThumbDownIcon, ThumbUpIcon } from "../icons/icons";

/** What the reader thinks of an answer: below its last message, for the run that made it. */
export function Feedback({ id }: { id: string }) {
  const { chat, settings } = useApp();
  const scored = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectScored(state, id), [id]),
  );
  return settings.dataPersistence !== true || scored === null ? null : <Thumbs step={scored} />;
}

function Thumbs({ step }: { step: StepDict }) {
  const { t, chat } = useApp();
  const [asking, setAsking] = useState<0 | 1 | null>(null);
  const [comment, setComment] = useState("");
  const given = step.feedback?.value ?? null;

  const give = async (value: 0 | 1 | null) => {
    setAsking(null);
    try {
      await chat.giveFeedback(step, value, comment.trim() === "" ? null : comment.trim());
    } catch (failure) {
      const reason = (failure as Error).message;
      chat.toast(t("page.actionFailed", { action: t("chat.messages.feedback.dialog.submit"), reason }), "error");
    }
  };
  const ask = (value: 0 | 1) => {
    setComment(step.feedback?.comment ?? "");
    setAsking(value);
  };
  const thumb = (value: 0 | 1) => {
    const name = value === 1 ? "positive" : "negative";
    const label = t(`chat.messages.feedback.${name}`);
    const chosen = given === value;
    return (
      <button
        type="button"
        className={`icon-button small ${name}-feedback-${chosen ? "on" : "off"}`}
        aria-label={label}
        aria-pressed={chosen}
        title={label}
        onClick={() => (chosen ? void give(null) : ask(value))}
      >
        {value === 1 ? <ThumbUpIcon filled={chosen} /> : <ThumbDownIcon filled={chosen} />}
      </button>
    );
  };
  const edit = t("chat.messages.feedback.edit");
  return (
    <>
      {thumb(1)}
      {thumb(0)}
      {given !== null && step.feedback?.comment && (
        <button type="button" className="icon-button small" aria-label={edit} title={edit} onClick={() => ask(given)}>
          <PencilIcon />
        </button>
      )}
      <Dialog
        title={t("chat.messages.feedback.dialog.title")}
        open={asking !== null}
        onClose={() => setAsking(null)}
        footer={
          <>
            <button type="button" className="button quiet" onClick={() => setAsking(null)}>
              {t("common.actions.cancel")}
            </button>
            <button type="button" id="submit-feedback" className="button" onClick={() => void give(asking)}>
              {t("chat.messages.feedback.dialog.submit")}
            </button>
          </>
        }
      >
        <textarea
          className="feedback-comment"
          rows={4}
          dir="auto"
          aria-label={t("chat.messages.feedback.dialog.yourFeedback")}
          placeholder={t("chat.messages.feedback.dialog.yourFeedback")}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </Dialog>
    </>
  );
}
