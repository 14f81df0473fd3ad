import { useEffect, useState } from "react";
import { useApp } from "../app/context";
import { type Answer, finishedAnswers } from "./answers";

/** Tells people who do not see the page about finished messages, once each. */
export function Announcer() {
  const { t, chat, detail } = useApp();
  const [spoken, setSpoken] = useState<readonly Answer[]>([]);

  useEffect(() => {
    let known = new Set<string>();
    return chat.conversation.subscribe(() => {
      const answers = finishedAnswers(chat.conversation.get(), detail);
      const fresh = answers.filter(({ id }) => !known.has(id));
      known = new Set(answers.map(({ id }) => id));
      // One that comes while another is read aloud does not take its place.
      if (fresh.length > 0) setSpoken((before) => [...before, ...fresh]);
    });
  }, [chat, detail]);

  // What was said is not left lying about for those who search the page.
  useEffect(() => {
    if (spoken.length === 0) return;
    const timer = setTimeout(() => setSpoken([]), 2000);
    return () => clearTimeout(timer);
  }, [spoken]);

  return (
    <div className="hidden" aria-live="polite" aria-relevant="additions">
      {spoken.map(({ id, name, text }) => (
        <p key={id}>{t("page.newMessageFrom", { name, text })}</p>
      ))}
    </div>
  );
}
