import { useEffect } from "react";

const longest = 1000;

/** A link to the page can bring a text for the field: `?prompt=…`. It is only filled in, and never over a draft. */
export function usePrefill(text: string, setText: (text: string) => void): void {
  useEffect(() => {
    const url = new URL(window.location.href);
    const prompt = url.searchParams.get("prompt");
    if (prompt === null) return;
    if (text === "") setText(prompt.slice(0, longest));
    // Used once: a reload or a new chat does not bring it again.
    url.searchParams.delete("prompt");
    window.history.replaceState(window.history.state, "", url);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what the page began with counts
  }, []);
}
