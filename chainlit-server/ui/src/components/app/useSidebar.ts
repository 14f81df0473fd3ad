import { useState } from "react";
import { safeStorage } from "../../client/connection/session";
import { useApp } from "./context";
import { besideQuery, useMedia } from "./useMedia";

export type SidebarState = { open: boolean; setOpen: (open: boolean) => void };

const key = "chainlit-sidebar";
const storage = safeStorage(() => window.localStorage);

/** Whether the stored conversations are shown; `null` where there are none. What the reader chose is kept in this browser. */
export function useSidebar(): SidebarState | null {
  const { history, settings } = useApp();
  const beside = useMedia(besideQuery);
  const wanted = settings.ui?.default_sidebar_state ?? "open";
  const [open, setOpen] = useState(() => (storage.getItem(key) ?? wanted) === "open");
  const [drawn, setDrawn] = useState(false);
  // Nobody finds an open drawer who comes back to a small window.
  if (beside && drawn) setDrawn(false);
  if (history === null || wanted === "hidden") return null;
  if (!beside) return { open: drawn, setOpen: setDrawn };
  const choose = (next: boolean) => {
    setOpen(next);
    storage.setItem(key, next ? "open" : "closed");
  };
  return { open, setOpen: choose };
}
