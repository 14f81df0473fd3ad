import { type RefObject, useEffect, useRef } from "react";

/** Calls `reveal` when the element comes near to what is seen. */
export function useReveal<Kind extends HTMLElement>(enabled: boolean, reveal: () => void): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => {
    const target = element.current;
    if (!enabled || target === null) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) reveal();
      },
      { rootMargin: "400px 0px" },
    );
    watch.observe(target);
    return () => watch.disconnect();
  }, [enabled, reveal]);
  return element;
}
