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
    let lastHeight = element.scrollHeight;
    const stick = (wanted: boolean) => {
      sticks.current = wanted;
      // While the end is followed, rows that leave at the top must not move the view.
      element.style.setProperty("overflow-anchor", wanted ? "none" : "auto");
    };
    const look = () => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      const end = scrollHeight - clientHeight - scrollTop < near;
      // Growth moves the end away without the reader doing anything: only a move upwards lets go.
      if (end) stick(true);
      else if (scrollTop < lastTop && scrollHeight >= lastHeight) stick(false);
      lastTop = scrollTop;
      lastHeight = scrollHeight;
      setAtBottom(end || sticks.current);
    };
    const grown = () => {
      if (sticks.current && follow) element.scrollTop = element.scrollHeight;
      look();
    };
    stick(true);
    // Who unfolds something wants to see it, not the end.
    const unfold = (event: Event) => {
      if (event.target instanceof Element && event.target.closest("[aria-expanded]") !== null) stick(false);
    };
    // So does who begins to edit.
    const edit = (event: Event) => {
      if (event.target instanceof HTMLTextAreaElement) stick(false);
    };
    const watch = new ResizeObserver(grown);
    watch.observe(inner);
    watch.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    inner.addEventListener("click", unfold, { capture: true });
    inner.addEventListener("focusin", edit);
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", look);
      inner.removeEventListener("click", unfold, { capture: true });
      inner.removeEventListener("focusin", edit);
    };
  }, [scroller, content, follow]);

  return { atBottom, toBottom };
}
