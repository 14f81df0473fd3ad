import { type RefObject, useEffect, useRef, useState } from "react";

/** This near to the end (in pixels) the reader counts as being there. */
const near = 48;

/** Follows what is written as long as the reader is at the end, and leaves everybody else alone. */
export function useStickToBottom(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  follow: boolean,
) {
  const [atBottom, setAtBottom] = useState(true);
  const sticks = useRef(true);

  const toBottom = () => {
    sticks.current = true;
    setAtBottom(true);
    const element = scroller.current;
    element?.scrollTo({ top: element.scrollHeight, behavior: "instant" });
  };

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (element === null || inner === null) return;
    let lastTop = element.scrollTop;
    const look = () => {
      const end = element.scrollHeight - element.clientHeight - element.scrollTop < near;
      // Growth moves the end away without the reader doing anything: only a move upwards lets go.
      if (end) sticks.current = true;
      else if (element.scrollTop < lastTop) sticks.current = false;
      lastTop = element.scrollTop;
      setAtBottom(end || sticks.current);
    };
    const grown = () => {
      if (sticks.current && follow) element.scrollTop = element.scrollHeight;
      else look();
    };
    const watch = new ResizeObserver(grown);
    watch.observe(inner);
    watch.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, content, follow]);

  return { atBottom, toBottom };
}
