import type { KeyboardEvent } from "react";

/** Up and down go through all conversations, whatever group they are in. Whether it was such a key. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): boolean {
  const list = event.currentTarget.closest(".history-list");
  const links = [...(list?.querySelectorAll<HTMLElement>(".thread-link") ?? [])];
  const at = links.indexOf(event.currentTarget);
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 };
  const target = targets[event.key];
  if (target === undefined) return false;
  event.preventDefault();
  if (target < 0) document.getElementById("search-chats")?.focus();
  else links[target]?.focus();
  return true;
}
