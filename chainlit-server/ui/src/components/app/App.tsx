import { useEffect, useState } from "react";
import { Login } from "../login/Login";
import { type Boot, boot } from "./boot";
import { AppContext } from "./context";
import { Page } from "./Page";
import { Unreachable } from "./Unreachable";

let first: Promise<Boot> | null = null;

export function App() {
  const [state, setState] = useState<Boot>({ phase: "loading" });

  const begin = (anew: boolean) => {
    if (anew) first = null;
    first ??= boot().then((done) => {
      if (done.phase === "ready") void done.app.chat.start();
      return done;
    });
    return first.then(setState);
  };

  useEffect(() => void begin(false), []);

  switch (state.phase) {
    case "loading":
      return null;
    case "unreachable":
      return <Unreachable t={state.t} onRetry={() => void begin(true)} />;
    case "login":
      return <Login t={state.t} api={state.api} auth={state.auth} onDone={() => void begin(true)} />;
    case "ready":
      return (
        <AppContext.Provider value={state.app}>
          <Page />
        </AppContext.Provider>
      );
  }
}
