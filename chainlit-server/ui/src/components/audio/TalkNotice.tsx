import { useCallback } from "react";
import { useSelect } from "../../client/hooks";
import type { TalkState } from "../../client/audio/talk";
import { useApp } from "../app/context";

/** Whether the application hears the reader, or why it does not. */
export function TalkNotice() {
  const { t, chat } = useApp();
  // The level changes several times a second and is nothing to be read.
  const text = useSelect(
    chat.talk.state,
    useCallback(({ phase, speaking, problem }: TalkState) => {
      if (phase === "connecting") return "chat.speech.connecting";
      if (phase === "on") return speaking ? "page.talk.speaking" : "page.talk.listening";
      return problem === null ? null : `page.talk.problem.${problem}`;
    }, []),
  );
  const isProblem = text?.startsWith("page.talk.problem") === true;
  return (
    <div role="status" className={text === null ? "hidden" : isProblem ? "talk-notice problem" : "talk-notice"}>
      {text !== null && t(text)}
    </div>
  );
}
