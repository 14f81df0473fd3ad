import { useEffect, useState } from "react";
import type { Translate } from "../../client/i18n/translate";
import type { StepDict } from "../../client/protocol";

/** Longer than this nothing runs; the clocks of server and browser differ. */
const longest = 7 * 24 * 3600;

const time = (text: string | null | undefined) => (text ? Date.parse(text) / 1000 : NaN);

/** How long a finished step took, in seconds. */
export function secondsOf({ start, end }: StepDict): number | null {
  const seconds = time(end) - time(start);
  return seconds >= 0 && seconds < longest ? seconds : null;
}

export function shownDuration(t: Translate, seconds: number): string {
  if (seconds < 9.95) return t("page.step.seconds", { seconds: seconds.toFixed(1) });
  const whole = Math.round(seconds);
  if (whole < 60) return t("page.step.seconds", { seconds: whole });
  return t("page.step.minutes", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

/** Whole seconds since a running step began; null when nothing runs. */
export function useRunningSeconds(start: string | null | undefined, running: boolean): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (!running) return;
    const seen = Date.now() / 1000;
    const said = time(start);
    // A clock that goes wrong must not show an hour that nobody waited.
    const began = said <= seen && seen - said < longest ? said : seen;
    const tick = () => setNow(Math.max(0, Math.floor(Date.now() / 1000 - began)));
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [start, running]);
  return running ? now : null;
}
