import { useCallback, useState } from "react";
import { useSelect } from "../../client/hooks";
import { type ConversationState, isMessage, selectRows } from "../../client/state";
import { useApp } from "../app/context";
import { Row } from "./Row";
import { useReveal } from "./useReveal";
import "./conversation.css";

/** So many of the newest rows are in the document; the others come when the reader goes up to them. */
const page = 40;

const isWaiting = (state: ConversationState) => state.running && state.streaming.size === 0;

export function Conversation({ atBottom }: { atBottom: boolean }) {
  const { t, chat, detail } = useApp();
  const rows = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectRows(state, detail), [detail]),
  );
  const waiting = useSelect(chat.conversation, isWaiting);

  // At the end, the window follows the newest rows; a reader who went up keeps what is there and may ask for more.
  const newest = Math.max(0, rows.length - page);
  const [held, setHeld] = useState<number | null>(null);
  const first = atBottom ? newest : Math.min(held ?? newest, newest);
  if (atBottom && held !== null) setHeld(null);
  if (!atBottom && held !== first) setHeld(first);

  const reveal = useCallback(() => setHeld((now) => Math.max(0, (now ?? newest) - page)), [newest]);
  const sentinel = useReveal(first > 0 && !atBottom, reveal);

  return (
    // Finished messages are announced by the Announcer: read aloud token by token, an answer would be noise.
    <div role="log" aria-live="off" aria-busy={waiting} className="conversation">
      {first > 0 && (
        <button ref={sentinel} type="button" className="button quiet earlier" onClick={reveal}>
          {t("page.earlier")}
        </button>
      )}
      {rows.slice(first).map((id, at) => (
        <Row key={id} id={id} previous={rows[first + at - 1] ?? null} />
      ))}
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

export const isMessageRow = (state: ConversationState, id: string) => {
  const step = state.steps.get(id);
  return step !== undefined && isMessage(step);
};
