import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { ConnectionState } from "../../client/connection/state";
import { useSelect } from "../../client/hooks";
import { missingKey } from "../../client/userEnv";
import { Keys } from "../keys/Keys";
import { Login } from "../login/Login";
import { type Boot, boot, settingsPart } from "./boot";
import { AppContext, type AppParts, useApp } from "./context";
import { Page } from "./Page";
import { Unreachable } from "./Unreachable";

const SharedPage = lazy(() => import("../share/SharedPage"));

let first: Promise<Boot> | null = null;

export function App() {
  const [state, setState] = useState<Boot>({ phase: "loading" });

  const begin = useCallback((anew: boolean) => {
    if (anew) first = null;
    first ??= boot().then((done) => {
      if (done.phase === "ready" && done.app.userEnv.complete) done.app.go.start();
      return done;
    });
    return first.then(setState);
  }, []);

  useEffect(() => void begin(false), [begin]);

  switch (state.phase) {
    case "loading":
      return null;
    case "unreachable":
      return <Unreachable t={state.t} onRetry={() => void begin(true)} />;
    case "login":
      return <Login t={state.t} api={state.api} auth={state.auth} onDone={() => void begin(true)} />;
    case "ready":
      return <Running parts={state.app} />;
  }
}

function Running({ parts }: { parts: AppParts }) {
  const [now, setNow] = useState(parts);
  const chooseProfile = useCallback(
    async (name: string) => {
      const { api, chat, go, language, profile, t } = parts;
      try {
        const settings = await api.settings(language, name);
        profile.choose(name);
        setNow({ ...parts, ...settingsPart(settings, t) });
        await go.newChat();
      } catch {
        chat.toast(t("common.status.error.serverConnection"), "error");
      }
    },
    [parts],
  );
  const value = useMemo(() => ({ ...now, chooseProfile }), [now, chooseProfile]);
  // The server wrote the name that holds without a profile.
  useEffect(() => {
    document.title = now.name;
  }, [now.name]);
  return <AppContext.Provider value={value}>{parts.go.place.kind === "share" ? <Suspense><SharedPage /></Suspense> : <Ready />}</AppContext.Provider>;
}

const selectLacking = (state: ConnectionState) => (state.phase === "refused" ? missingKey(state.reason) : null);

/** The conversation; before it, and when the server lacks one, the form for the reader's keys. */
function Ready() {
  const { chat, go, userEnv } = useApp();
  const lacking = useSelect(chat.connection.state, selectLacking);
  const [complete, setComplete] = useState(userEnv.complete);
  if (complete && lacking === null) return <Page />;
  const onDone = () => {
    setComplete(true);
    go.start();
  };
  return <Keys lacking={lacking} onDone={onDone} />;
}
