import { type KeyboardEvent, useEffect, useRef } from "react";
import { useSelect, useStore } from "../../client/hooks";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { ArrowUpIcon, StopIcon } from "../icons/icons";
import { AskNotice } from "./AskNotice";
import { useDraft } from "./useDraft";
import { useHistory } from "./useHistory";
import "./composer.css";

const selectRunning = (state: ConversationState) => state.running;
const selectAsk = (state: ConversationState) => state.ask;

export function Composer({ onSent }: { onSent: (() => void) | undefined }) {
  const { t, chat } = useApp();
  const runs = useSelect(chat.conversation, selectRunning);
  const ask = useSelect(chat.conversation, selectAsk);
  const { phase } = useStore(chat.connection.state);
  const [text, setText] = useDraft();
  const recall = useHistory(text, setText);
  const field = useRef<HTMLTextAreaElement>(null);

  const asksText = ask?.spec.type === "text";
  // An answer belongs to a question that is open on the server; a message can wait for the connection.
  const away = phase === "refused" || phase === "elsewhere";
  const blocked = away || (ask !== null && (!asksText || phase !== "connected"));
  const reason = phase !== "connected" ? t("page.notConnected") : t("page.answerFirst");
  // Nobody would hear a stop from here.
  const running = runs && !away;
  const ready = text.trim() !== "" && !blocked;

  useEffect(() => {
    if (asksText) field.current?.focus();
  }, [asksText]);

  useEffect(() => {
    if (!running) return;
    const stop = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("dialog[open]") === null) chat.stop();
    };
    window.addEventListener("keydown", stop);
    return () => window.removeEventListener("keydown", stop);
  }, [running, chat]);

  const submit = () => {
    if (!ready) return;
    chat.send(text.trim());
    setText("");
    field.current?.focus();
    onSent?.();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else recall(event);
  };

  return (
    <div className="composer">
      <AskNotice />
      <div id="message-composer" className={ask === null ? "composer-box" : "composer-box asked"}>
        <div className="grow" data-text={`${text}\n`}>
          <textarea
            ref={field}
            id="chat-input"
            rows={1}
            // An empty field follows the page, so that its placeholder stands on the right side.
            dir={text === "" ? undefined : "auto"}
            aria-label={t(asksText ? "page.answerPlaceholder" : "chat.input.placeholder")}
            placeholder={blocked ? reason : t(asksText ? "page.answerPlaceholder" : "chat.input.placeholder")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </div>
        {running && (
          <button
            type="button"
            id="stop-button"
            className="round stop"
            aria-label={t("chat.input.actions.stop")}
            title={t("chat.input.actions.stop")}
            onClick={() => chat.stop()}
          >
            <StopIcon />
          </button>
        )}
        {(!running || text.trim() !== "") && (
          <button
            type="button"
            id="chat-submit"
            className="round"
            aria-label={t("chat.input.actions.send")}
            title={blocked ? reason : t("chat.input.actions.send")}
            disabled={!ready}
            onClick={submit}
          >
            <ArrowUpIcon />
          </button>
        )}
      </div>
    </div>
  );
}
