import { type RefObject, useLayoutEffect, useState } from "react";

const margin = 8;

type Place = { left: number; top?: number; bottom?: number; maxHeight: number; minWidth: number };

/** Where a list stands that belongs to a button: below it, or above where there is more room, and inside of the window. */
export function usePlace(button: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>, open: boolean) {
  const [place, setPlace] = useState<Place | null>(null);
  useLayoutEffect(() => {
    if (!open) return;
    const put = () => {
      const at = button.current?.getBoundingClientRect();
      if (at === undefined) return;
      const width = Math.max(list.current?.offsetWidth ?? 0, at.width);
      const isLeftToRight = document.documentElement.dir !== "rtl";
      const wanted = isLeftToRight ? at.left : at.right - width;
      const left = Math.max(margin, Math.min(wanted, window.innerWidth - width - margin));
      const below = window.innerHeight - at.bottom - 2 * margin;
      const above = at.top - 2 * margin;
      const shape = { left, minWidth: at.width };
      if (below >= above) setPlace({ ...shape, top: at.bottom + 4, maxHeight: below });
      else setPlace({ ...shape, bottom: window.innerHeight - at.top + 4, maxHeight: above });
    };
    put();
    window.addEventListener("resize", put);
    window.addEventListener("scroll", put, { capture: true, passive: true });
    return () => {
      window.removeEventListener("resize", put);
      window.removeEventListener("scroll", put, { capture: true });
    };
  }, [button, list, open]);
  return place;
}
