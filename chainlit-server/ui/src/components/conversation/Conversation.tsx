import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { useSelect } from "../../client/hooks";
import { type ConversationState, selectRows } from "../../client/state";
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

  const log = useRef<HTMLDivElement>(null);
  const before = useRef<{ top: number; height: number } | null>(null);
  const reveal = useCallback(() => {
    const scroller = log.current?.closest("main");
    if (scroller) before.current = { top: scroller.scrollTop, height: scroller.scrollHeight };
    setHeld((now) => Math.max(0, (now ?? newest) - page));
  }, [newest]);
  useLayoutEffect(() => {
    const scroller = log.current?.closest("main");
    const at = before.current;
    before.current = null;
    if (!scroller || at === null) return;
    const added = scroller.scrollHeight - at.height;
    // Most browsers keep the view where it is when rows come in above it, but none does so at the very top.
    if (scroller.scrollTop === at.top) scroller.scrollTop = at.top + added;
  }, [first]);
  const sentinel = useReveal(first > 0 && !atBottom, reveal);

  return (
    // Finished messages are announced by the Announcer: read aloud token by token, an answer would be noise.
    <div ref={log} role="log" aria-live="off" aria-busy={waiting} className="conversation">
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
