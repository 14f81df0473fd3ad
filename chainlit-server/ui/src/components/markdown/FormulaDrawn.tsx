import { render } from "katex";
import "katex/dist/katex.min.css";
import { useLayoutEffect, useMemo, useRef } from "react";
import "./formula.css";

/** Nobody writes a longer one by hand, and drawing takes its time. */
const longest = 4_000;

/** A text may come from anybody: no links, no pictures, no attributes, and an end to macros and to sizes. */
const bounds = {
  trust: false,
  strict: false,
  throwOnError: true,
  // What is not trusted is shown as the name of its command.
  errorColor: "hsl(var(--destructive))",
  maxExpand: 500,
  maxSize: 20,
} as const;

function draw(source: string, displayMode: boolean): HTMLElement | null {
  if (source.length > longest) return null;
  const drawn = document.createElement("span");
  try {
    render(source, drawn, { ...bounds, displayMode });
    return drawn;
  } catch {
    // There is a mistake in it, or it is nested too deep.
    return null;
  }
}

/** A formula as KaTeX draws it; its source where it can not. */
export default function FormulaDrawn({ source, display }: { source: string; display: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  const drawn = useMemo(() => draw(source, display), [source, display]);

  useLayoutEffect(() => {
    if (drawn !== null) place.current?.replaceChildren(drawn);
  }, [drawn]);

  if (drawn === null) return <code className="formula-source">{source}</code>;
  return <span ref={place} className={display ? "formula display" : "formula"} dir="ltr" />;
}
