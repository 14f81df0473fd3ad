import { useCallback, useState } from "react";
import { safeStorage } from "../../client/connection/session";

const key = "chainlit-draft";
const storage = safeStorage(() => window.sessionStorage);

/** What is typed but not sent, kept over a reload of the page. */
export function useDraft(): [string, (text: string) => void] {
  const [text, setText] = useState(() => storage.getItem(key) ?? "");
  const change = useCallback((next: string) => {
    setText(next);
    if (next === "") storage.removeItem(key);
    else storage.setItem(key, next);
  }, []);
  return [text, change];
}
