import { useEffect } from "react";
import { useApp } from "../app/context";

/** Escape stops what runs, unless something else takes the key. */
export function useStopByEscape(running: boolean): void {
  const { chat } = useApp();
  useEffect(() => {
    if (!running) return;
    const stop = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("dialog[open]") === null) chat.stop();
    };
    window.addEventListener("keydown", stop);
    return () => window.removeEventListener("keydown", stop);
  }, [running, chat]);
}
