import { type RefObject, useEffect } from "react";

const engaging = "input, textarea, select, [contenteditable=true], [role=menu], [role=listbox], dialog";

/** Whether the reader is in the middle of something: writes elsewhere, or chooses from a list. */
export function isEngaged(active: Element | null): boolean {
  return active?.closest(engaging) != null;
}

/** A question takes the reader to the field for the answer, but not away from what they are doing. */
export function useAskFocus(asksText: boolean, field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    if (asksText && !isEngaged(document.activeElement)) field.current?.focus();
  }, [asksText, field]);
}
