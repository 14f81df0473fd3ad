import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** There is room beside the conversation. The style sheets say the same. */
export const besideQuery = "(min-width: 64rem)";
/** There is room for two things beside it. */
export const besideBothQuery = "(min-width: 90rem)";
