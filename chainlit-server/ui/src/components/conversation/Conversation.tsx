import { useCallback, useRef } from "react";
import { useSelect } from "../../client/hooks";
import { type ConversationState, selectRows } from "../../client/state";
import { useApp } from "../app/context";
import { Row } from "./Row";
import { useReveal } from "./useReveal";
import { useSpan } from "./useSpan";
import "./conversation.css";

const selectHasEarlier = (state: ConversationState) => state.hasEarlier;
const isWaiting = (state: ConversationState) => state.running && state.streaming.size === 0;

export function Conversation({ atBottom }: { atBottom: boolean }) {
  const { t, chat, detail } = useApp();
  const rows = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectRows(state, detail), [detail]),
  );
  const hasEarlier = useSelect(chat.conversation, selectHasEarlier);
  const waiting = useSelect(chat.conversation, isWaiting);

  const log = useRef<HTMLDivElement>(null);
  const { first, end, rest, goUp, goDown, keepPlace } = useSpan(rows, atBottom, log);
  const toEarlier = useCallback(() => {
    if (first > 0) return goUp();
    void chat.loadEarlier(keepPlace).then((done) => {
      if (!done) chat.toast(t("common.status.error.serverConnection"), "error");
    });
  }, [chat, t, first, goUp, keepPlace]);
  const isMore = first > 0 || hasEarlier;
  const above = useReveal<HTMLButtonElement>(isMore && !atBottom, toEarlier);
  const below = useReveal<HTMLDivElement>(rest > 0, goDown);

  return (
    // Finished messages are announced by the Announcer: read aloud token by token, an answer would be noise.
    <div ref={log} role="log" aria-live="off" aria-busy={waiting} className="conversation">
      {isMore && (
        <button ref={above} type="button" className="button quiet earlier" onClick={toEarlier}>
          {t("page.earlier")}
        </button>
      )}
      {rows.slice(first, end).map((id, at) => (
        <Row key={id} id={id} previous={rows[first + at - 1] ?? null} />
      ))}
      {rest > 0 && <div ref={below} style={{ height: rest }} aria-hidden="true" />}
      {waiting && (
        <div className="loading-cursor">
          <span className="hidden">{t("page.working")}</span>
          <i />
          <i />
          <i />
        </div>
      )}
    </div>
  );
}
