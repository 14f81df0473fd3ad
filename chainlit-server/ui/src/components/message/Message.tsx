import { useCallback, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { type ConversationState, isUserMessage } from "../../client/state";
import { useApp } from "../app/context";
import { useLinkedNames } from "../elements/linked";
import { PencilIcon, WarningIcon } from "../icons/icons";
import { Markdown } from "../markdown/Markdown";
import { CodeBlock } from "../markdown/CodeBlock";
import { Actions } from "./Actions";
import { Avatar } from "./Avatar";
import { CopyButton } from "./CopyButton";
import { EditForm } from "./EditForm";
import { Elements } from "./Elements";
import "./message.css";

type Props = { step: StepDict; continues: boolean };

export function Message({ step, continues }: Props) {
  const { t, chat, name } = useApp();
  const { id } = step;
  const own = isUserMessage(step);
  const growing = useSelect(chat.conversation, useCallback((state: ConversationState) => state.streaming.has(id), [id]));
  const queued = useSelect(chat.conversation, useCallback((state: ConversationState) => state.queued.has(id), [id]));
  const asks = useSelect(chat.conversation, useCallback((state: ConversationState) => state.ask?.stepId === id, [id]));
  const [editing, setEditing] = useState(false);

  const author = own ? t("page.you") : (step.name ?? name);
  const classes = ["step", "message", own ? "user-message" : "ai-message"];
  if (continues) classes.push("continues");
  if (step.isError === true) classes.push("error");
  if (asks) classes.push("asks");

  return (
    <article
      id={`step-${id}`}
      className={classes.join(" ")}
      data-step-id={id}
      data-step-type={step.type}
      aria-label={author}
      aria-busy={growing}
    >
      <div className={continues || own ? "author hidden" : "author"}>
        {!continues && !own && <Avatar step={step} />}
        <bdi>{author}</bdi>
      </div>
      {editing ? (
        <EditForm step={step} onClose={() => setEditing(false)} />
      ) : (
        <div className="message-content" dir="auto">
          {step.isError === true && <WarningIcon />}
          <Content step={step} own={own} growing={growing} />
        </div>
      )}
      <Elements id={id} text={step.output ?? ""} />
      <Actions id={id} />
      {queued && <p className="queued">{t("page.queued")}</p>}
      {!growing && !editing && !queued && <Tools step={step} own={own} onEdit={() => setEditing(true)} />}
    </article>
  );
}

function Content({ step, own, growing }: { step: StepDict; own: boolean; growing: boolean }) {
  const { settings } = useApp();
  const names = useLinkedNames(step.id);
  const text = step.output ?? "";
  if (step.language) return <CodeBlock code={text} language={step.language} growing={growing} />;
  if (own && settings.features?.user_message_markdown === false) return <p className="plain">{text}</p>;
  return <Markdown text={text} growing={growing} names={names} />;
}

function Tools({ step, own, onEdit }: { step: StepDict; own: boolean; onEdit: () => void }) {
  const { t, chat, settings } = useApp();
  const running = useSelect(chat.conversation, isRunning);
  const forgotten = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => state.forgotten.has(step.id), [step.id]),
  );
  const editable = own && !forgotten && settings.features?.edit_message !== false;
  if ((step.output ?? "") === "") return null;
  return (
    <div className="tools">
      <CopyButton text={step.output ?? ""} />
      {editable && (
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
    </div>
  );
}

const isRunning = (state: ConversationState) => state.running;
