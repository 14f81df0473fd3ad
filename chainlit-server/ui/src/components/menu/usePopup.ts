import { type FocusEvent, type KeyboardEvent, useRef, useState } from "react";

/** A button and what it opens, which closes when the focus leaves both. */
export function usePopup() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (toButton: boolean) => {
    setOpen(false);
    if (toButton) button.current?.focus();
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  return { open, setOpen, button, close, onBlur };
}

/** Keys of a menu whose items have that role: arrows go round, Escape closes. */
export function onMenuKey(event: KeyboardEvent<HTMLElement>, role: "menuitem" | "menuitemradio", close: () => void) {
  if (event.key === "Escape") {
    event.stopPropagation();
    return close();
  }
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(`[role=${role}]`)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}
