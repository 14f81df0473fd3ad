import { useEffect } from "react";
import { useStore } from "../../client/hooks";
import { useApp } from "../app/context";
import { MicIcon, StopIcon } from "../icons/icons";
import "./audio.css";

const isField = (element: Element | null) =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

/** Turns the microphone on and off, also with the key P outside of fields. */
export function MicButton({ disabled }: { disabled: boolean }) {
  const { t, chat } = useApp();
  const { phase, level } = useStore(chat.talk.state);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.defaultPrevented;
      if (event.key.toLowerCase() !== "p" || !plain || disabled || isField(document.activeElement)) return;
      if (document.querySelector("dialog[open], [role=listbox]") === null) chat.talk.toggle();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [chat, disabled]);

  const label = t({ off: "chat.speech.start", connecting: "chat.speech.connecting", on: "chat.speech.stop" }[phase]);
  return (
    <button
      type="button"
      id="audio-button"
      className={`tool only-icon mic ${phase}`}
      style={{ "--level": phase === "on" ? level.toFixed(2) : "0" } as React.CSSProperties}
      aria-label={`${label} (P)`}
      aria-keyshortcuts="P"
      aria-pressed={phase !== "off"}
      title={`${label} (P)`}
      disabled={disabled && phase === "off"}
      onClick={() => chat.talk.toggle()}
    >
      {phase === "on" ? <StopIcon /> : <MicIcon />}
    </button>
  );
}
