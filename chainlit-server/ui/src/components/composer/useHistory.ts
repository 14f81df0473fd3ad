import { type KeyboardEvent, useRef } from "react";
import { selectHistory } from "../../client/state";
import { useApp } from "../app/context";

/** Arrow up in an empty field brings back what was sent, arrow down goes the other way. */
export function useHistory(text: string, setText: (text: string) => void) {
  const { chat } = useApp();
  const at = useRef(-1);
  const recalled = useRef("");

  return (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (text === "" || text !== recalled.current) at.current = -1;
    const untouched = text === "" || text === recalled.current;
    const step = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (step === 0 || !untouched || (step === -1 && at.current < 0)) return;
    const history = selectHistory(chat.conversation.get());
    const next = Math.min(at.current + step, history.length - 1);
    event.preventDefault();
    at.current = next;
    recalled.current = history[next] ?? "";
    setText(recalled.current);
  };
}
