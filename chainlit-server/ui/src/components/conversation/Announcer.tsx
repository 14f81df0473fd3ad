import { useEffect, useState } from "react";
import { isUserMessage, selectRows } from "../../client/state";
import { useApp } from "../app/context";

/** A screen reader can go to the message for the rest. */
const longest = 400;

/** Tells people who do not see the page about finished messages, once each. */
export function Announcer() {
  const { t, chat, detail } = useApp();
  const [text, setText] = useState("");

  useEffect(() => {
    let last: string | null = null;
    return chat.conversation.subscribe(() => {
      const state = chat.conversation.get();
      const rows = selectRows(state, detail);
      const id = rows[rows.length - 1];
      const step = id === undefined ? undefined : state.steps.get(id);
      if (step === undefined || isUserMessage(step) || state.streaming.has(step.id)) return;
      const output = step.output ?? "";
      if (step.id === last || output === "") return;
      last = step.id;
      setText(t("page.newMessageFrom", { name: step.name ?? "", text: output.slice(0, longest) }));
    });
  }, [chat, detail, t]);

  // What was said is not left lying about for those who search the page.
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(() => setText(""), 2000);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <div className="hidden" aria-live="polite" aria-atomic="true">
      {text}
    </div>
  );
}
