import { useEffect } from "react";
import type { Translate } from "../../client/i18n/translate";

/** The page came (perhaps from the cache), but its server does not answer. */
export function Unreachable({ t, onRetry }: { t: Translate; onRetry: () => void }) {
  useEffect(() => {
    const timer = setInterval(onRetry, 4000);
    return () => clearInterval(timer);
  }, [onRetry]);
  return (
    <main className="alone">
      <h1>{t("common.status.error.serverConnection")}</h1>
      <p role="status">{t("page.lost")}</p>
      <button type="button" className="button" onClick={onRetry}>
        {t("page.tryNow")}
      </button>
    </main>
  );
}
