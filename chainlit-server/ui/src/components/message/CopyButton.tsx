import { useEffect, useState } from "react";
import { useApp } from "../app/context";
import { CheckIcon, CopyIcon } from "../icons/icons";
import { copyText } from "./copy";

export function CopyButton({ text }: { text: string }) {
  const { t } = useApp();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1600);
    return () => clearTimeout(timer);
  }, [done]);
  const label = t(done ? "chat.messages.actions.copy.success" : "chat.messages.actions.copy.button");
  return (
    <button
      type="button"
      className="icon-button small"
      aria-label={label}
      title={label}
      onClick={() => void copyText(text).then(setDone)}
    >
      {done ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
