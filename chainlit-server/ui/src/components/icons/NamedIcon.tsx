import { type ReactNode, useEffect, useState } from "react";

type Icons = typeof import("./lucide");

let icons: Icons | null = null;
let loading: Promise<Icons> | null = null;

/** An icon by its lucide name, once the icons are there; until then, and for an unknown name, `fallback`. */
export function NamedIcon({ name, fallback = null }: { name: string; fallback?: ReactNode }) {
  const [, setReady] = useState(icons !== null);
  useEffect(() => {
    if (icons !== null) return;
    let stale = false;
    loading ??= import("./lucide");
    loading.then(
      (loaded) => {
        icons = loaded;
        if (!stale) setReady(true);
      },
      () => {
        // The chunk did not come; the next icon tries again.
        loading = null;
      },
    );
    return () => {
      stale = true;
    };
  }, []);
  const shape = icons?.shapeOf(name) ?? null;
  if (icons === null || shape === null) return fallback;
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {icons.drawn(shape)}
    </svg>
  );
}
