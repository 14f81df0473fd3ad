import { type KeyboardEvent, type PointerEvent, type RefObject, useState } from "react";
import { safeStorage } from "../../client/connection/session";

const key = "chainlit-side-width";
const storage = safeStorage(() => window.localStorage);
const smallest = 260;
const step = 32;

/** At most so much of the window, for the conversation keeps its place. */
const fitted = (width: number) => Math.round(Math.min(Math.max(smallest, width), window.innerWidth * 0.65));

/** The width of the side view in pixels: moved by hand or by the arrow keys, and kept in this browser. */
export function useWidth(panel: RefObject<HTMLElement | null>) {
  const [width, setWidth] = useState(() => fitted(Number(storage.getItem(key)) || window.innerWidth * 0.4));
  const change = (wanted: number) => {
    const next = fitted(wanted);
    setWidth(next);
    storage.setItem(key, String(next));
  };
  /** 1 if a move to the right makes it wider: it stands at the end of the line. */
  const sign = () => (document.documentElement.dir === "rtl" ? 1 : -1);

  const handle = {
    "aria-valuenow": width,
    "aria-valuemin": smallest,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const element = panel.current;
      if (element === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const box = element.getBoundingClientRect();
      change(sign() < 0 ? box.right - event.clientX : event.clientX - box.left);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      change(width + (event.key === "ArrowRight" ? step : -step) * sign());
    },
  };
  return { width, handle };
}
