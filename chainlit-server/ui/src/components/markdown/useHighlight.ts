import { type ReactNode, useEffect, useRef, useState } from "react";

/** Coloured text for the first `length` characters of a code block. */
export type Colours = { length: number; nodes: ReactNode };

type Highlighter = typeof import("./highlighter");

/** Longer code stays plain: colours are not worth a page that hangs. */
const longest = 60_000;
/** While code is being written it is coloured some times a second, the rest of it is plain until then. */
const pause = 150;

let loading: Promise<Highlighter> | null = null;

export function useHighlight(code: string, language: string, growing: boolean): Colours | null {
  const [done, setDone] = useState<{ code: string; language: string; colours: Colours } | null>(null);
  const last = useRef(0);

  useEffect(() => {
    if (language === "" || code === "" || code.length > longest) return;
    let stale = false;
    const colour = async () => {
      loading ??= import("./highlighter");
      const { highlight } = await loading;
      if (stale) return;
      // Only whole lines: the colours of half a line would change again at once.
      const part = growing ? code.slice(0, code.lastIndexOf("\n") + 1) : code;
      const nodes = highlight(part, language);
      last.current = performance.now();
      if (nodes !== null) setDone({ code: part, language, colours: { length: part.length, nodes } });
    };
    const wait = growing ? Math.max(0, last.current + pause - performance.now()) : 0;
    const timer = setTimeout(() => {
      colour().catch(() => {
        // The chunk did not come; the code is readable without it, and the next block tries again.
        loading = null;
      });
    }, wait);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [code, language, growing]);

  return done !== null && done.language === language && code.startsWith(done.code) ? done.colours : null;
}
