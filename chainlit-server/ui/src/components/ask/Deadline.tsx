import { useEffect, useState } from "react";
import { useApp } from "../app/context";

/** Below this (in milliseconds) every second counts, and is shown. */
const near = 10 * 60_000;

/** Until when the application waits. The running clock is for the eyes: read aloud each second it would be noise. */
export function Deadline({ until }: { until: number }) {
  const { t } = useApp();
  const [now, setNow] = useState(() => Date.now());
  const left = Math.max(0, until - now);
  const counts = left < near;

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), counts ? 1000 : 30_000);
    return () => clearInterval(timer);
  }, [counts]);

  const time = new Date(until).toLocaleTimeString(document.documentElement.lang, {
    hour: "numeric",
    minute: "2-digit",
    ...(counts ? { second: "2-digit" } : {}),
  });
  const seconds = Math.ceil(left / 1000);
  return (
    <span className="ask-until">
      {" "}
      <time dateTime={new Date(until).toISOString()}>{t("page.askedUntil", { time })}</time>
      {counts && (
        <span aria-hidden="true"> ({`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`})</span>
      )}
    </span>
  );
}
