import { lazy, Suspense } from "react";
import { useApp } from "../app/context";
import { imageSource } from "../markdown/safety";

const LucideIcon = lazy(() => import("./LucideIcon"));

/** A small picture that the application names; without one, or with one from another host, nothing. */
export function NamedIcon({ icon }: { icon: string | null | undefined }) {
  const { api } = useApp();
  if (!icon) return null;
  if (!/[/:.]/.test(icon)) {
    return (
      <Suspense fallback={<span className="icon" />}>
        <LucideIcon name={icon} />
      </Suspense>
    );
  }
  const source = imageSource(api.iconUrl(icon), window.location.href);
  return source.kind === "here" ? <img className="icon named-icon" src={source.url} alt="" /> : null;
}
