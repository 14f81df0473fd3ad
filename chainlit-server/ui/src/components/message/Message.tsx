import { useCallback, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { type ConversationState, isUserMessage } from "../../client/state";
import { useApp } from "../app/context";
import { useLinkedNames } from "../elements/linked";
import { WarningIcon } from "../icons/icons";
import { Markdown } from "../markdown/Markdown";
import { CodeBlock } from "../markdown/CodeBlock";
import { Actions } from "./Actions";
import { Avatar } from "./Avatar";
import { EditForm } from "./EditForm";
import { Elements } from "./Elements";
import { Tools } from "./Tools";
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
          {own && step.command && <span className="command-span">{step.command}</span>}
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
