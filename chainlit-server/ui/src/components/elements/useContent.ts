import { useEffect, useState } from "react";

export type Content =
  | { phase: "loading" }
  | { phase: "failed" }
  | { phase: "too large" }
  | { phase: "done"; text: string };

/** More than this (in characters) is no text to read in a page. */
const largest = 24_000_000;
/** So many contents are kept, for elements that are shown again. */
const most = 24;

const kept = new Map<string, Promise<Content>>();

async function load(url: string): Promise<Content> {
  const answer = await fetch(url, { credentials: "same-origin", referrerPolicy: "no-referrer" });
  if (!answer.ok) return { phase: "failed" };
  if (Number(answer.headers.get("content-length") ?? 0) > largest) {
    await answer.body?.cancel();
    return { phase: "too large" };
  }
  const text = await answer.text();
  return text.length > largest ? { phase: "too large" } : { phase: "done", text };
}

function contentOf(url: string): Promise<Content> {
  const known = kept.get(url);
  if (known !== undefined) return known;
  const loading = load(url)
    .catch((): Content => ({ phase: "failed" }))
    .then((content) => {
      // What did not come may come the next time.
      if (content.phase === "failed") kept.delete(url);
      return content;
    });
  kept.set(url, loading);
  const oldest = kept.keys().next();
  if (kept.size > most && !oldest.done) kept.delete(oldest.value);
  return loading;
}

/** The text behind an address; `null` waits. While another address loads, what was there before stays. */
export function useContent(url: string | null): Content {
  const [content, setContent] = useState<Content>({ phase: "loading" });
  useEffect(() => {
    if (url === null) return;
    let stale = false;
    void contentOf(url).then((next) => {
      if (!stale) setContent(next);
    });
    return () => {
      stale = true;
    };
  }, [url]);
  return content;
}
