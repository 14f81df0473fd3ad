import { type ReactNode, useEffect, useState } from "react";
import { useApp } from "../app/context";
import { imageSource } from "../markdown/safety";

type Icons = typeof import("./lucide");

let icons: Icons | null = null;
let loading: Promise<Icons> | null = null;

type Props = { icon: string | null | undefined; fallback?: ReactNode };

/**
 * A small picture that the application names: an icon by its lucide name, or an address on its own or a trusted host.
 * `fallback` until the icons are there, and for what can't be shown.
 */
export function NamedIcon({ icon, fallback = null }: Props) {
  const { api, settings } = useApp();
  if (!icon) return fallback;
  if (!/[/:.]/.test(icon)) return <LucideIcon name={icon} fallback={fallback} />;
  const source = imageSource(api.iconUrl(icon), window.location.href, settings.features?.allowed_media_hosts ?? []);
  return source.kind === "here" ? <img className="icon named-icon" src={source.url} alt="" /> : fallback;
}

/** All icons by name are a large file: it is loaded when an application names one. */
function LucideIcon({ name, fallback }: { name: string; fallback: ReactNode }) {
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
  // The room of the icon is kept while it is on its way, so that nothing moves when it comes.
  if (icons === null) return fallback ?? <span className="icon" />;
  const shape = icons.shapeOf(name);
  if (shape === null) return fallback;
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
