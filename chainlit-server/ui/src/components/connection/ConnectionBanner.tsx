import { useEffect, useRef, useState } from "react";
import { useStore } from "../../client/hooks";
import { useApp } from "../app/context";
import "./connection.css";

/** A blink of the network is not worth a word. */
const silence = 600;
const goodNews = 2500;

export function ConnectionBanner() {
  const { t, chat } = useApp();
  const state = useStore(chat.connection.state);
  const troubled = useRef(false);
  const [visible, setVisible] = useState(false);

  useEffect(() => {
    const { phase } = state;
    const timer = setTimeout(
      () => {
        setVisible(phase !== "connected");
        if (phase === "connected") troubled.current = false;
        else troubled.current = true;
      },
      phase === "connected" ? (troubled.current ? goodNews : 0) : phase === "refused" || phase === "elsewhere" ? 0 : silence,
    );
    return () => clearTimeout(timer);
  }, [state]);

  return (
    <div role="status" className="connection">
      {visible && (
        <div className={`banner banner-${state.phase}`}>
          <span className="banner-dot" aria-hidden="true" />
          {state.phase === "connecting" && <span>{t("page.connecting")}</span>}
          {state.phase === "connected" && <span>{t("page.back")}</span>}
          {state.phase === "refused" && <span>{t("page.refused", { reason: state.reason })}</span>}
          {state.phase === "elsewhere" && <span>{t("page.elsewhere")}</span>}
          {state.phase === "lost" && <Lost retryAt={state.retryAt} />}
          {(state.phase === "lost" || state.phase === "refused") && (
            <button type="button" className="text-button" onClick={() => chat.connection.retryNow()}>
              {t("page.tryNow")}
            </button>
          )}
          {state.phase === "elsewhere" && (
            <button type="button" className="button" onClick={() => chat.connection.retryNow()}>
              {t("page.useHere")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** The countdown is for the eye: read aloud, it would never be quiet. */
function Lost({ retryAt }: { retryAt: number | null }) {
  const { t } = useApp();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000));
  return (
    <>
      <span className="hidden">{t("page.lost")}</span>
      <span aria-hidden="true">{seconds > 0 ? t("page.lostIn", { seconds }) : t("page.lost")}</span>
    </>
  );
}
