import { useEffect, useRef } from "react";
import { useSelect, useStore } from "../../client/hooks";
import { type ConversationState, selectActions } from "../../client/state";
import { askRules } from "../../client/upload/rules";
import { isOnTheWay } from "../../client/upload/uploads";
import { useApp } from "../app/context";
import { Attachments } from "../upload/Attachments";
import { FileField, limitsText } from "../upload/UploadButton";
import { useAddFiles, useFilePlace } from "../upload/useFiles";
import { Deadline } from "./Deadline";
import "./ask.css";

const selectAsk = (state: ConversationState) => state.ask;

/** Says that the application waits for the reader, what for, and until when. */
export function AskNotice() {
  const { t, chat, name } = useApp();
  const ask = useSelect(chat.conversation, selectAsk);
  if (ask === null) return null;
  const asking = chat.conversation.get().steps.get(ask.stepId)?.name ?? name;
  const { type } = ask.spec;
  return (
    <div className="ask">
      <div className="ask-notice" role="status">
        <span className="ask-dot" aria-hidden="true" />
        <span className="ask-text">
          <strong>{t("page.asked", { name: asking })}</strong>{" "}
          {type === "text" && t("page.askedText")}
          {type === "action" && t("page.askedAction")}
          {type === "element" && t("page.askedElement")}
          {type === "file" && limitsText(askRules(ask.spec), t)}
          {ask.until !== null && <Deadline until={ask.until} />}
        </span>
        {type === "file" && <FileAnswer />}
        {type === "action" && <ToAnswers />}
      </div>
      {type === "file" && <Attachments uploads={chat.answers} />}
    </div>
  );
}

/** The button for the files that were asked for. They are the answer as soon as all of them are there. */
function FileAnswer() {
  const { t, chat } = useApp();
  const ask = useSelect(chat.conversation, selectAsk);
  const place = useFilePlace();
  const add = useAddFiles(place);
  const field = useRef<HTMLSpanElement>(null);
  const uploads = useStore(chat.answers.list);
  const { phase } = useStore(chat.connection.state);
  const busy = uploads.some(isOnTheWay);
  const complete = uploads.length > 0 && uploads.every((upload) => upload.phase === "done");

  useEffect(() => {
    if (complete && phase === "connected") chat.answerWithFiles();
    // After a break the question comes again, and only then takes an answer.
  }, [complete, phase, ask, chat]);

  if (place === null) return null;
  const label = t("chat.fileUpload.browse");
  return (
    <span ref={field} className="ask-answer">
      <FileField rules={place.rules} onFiles={add} id="ask-button-input" label={label} />
      <button
        type="button"
        id={busy ? "ask-upload-button-loading" : "ask-upload-button"}
        className="button"
        disabled={busy || phase !== "connected"}
        onClick={() => field.current?.querySelector("input")?.click()}
      >
        {label}
      </button>
    </span>
  );
}

/** The answers stand under the question, perhaps far from here: a way to them by keyboard. */
function ToAnswers() {
  const { t, chat } = useApp();
  const go = () => {
    const state = chat.conversation.get();
    const keys = state.ask?.spec.keys ?? [];
    const first = selectActions(state, state.ask?.stepId ?? "").find(({ id }) => keys.includes(id));
    const button = first === undefined ? null : document.getElementById(first.id);
    button?.scrollIntoView({ block: "center" });
    button?.focus();
  };
  return (
    <button type="button" className="button quiet ask-answer" onClick={go}>
      {t("page.toAnswers")}
    </button>
  );
}
