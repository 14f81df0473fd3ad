import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { newId } from "../../client/ids";
import type { ElementDict } from "../../client/protocol";
import { useApp } from "../app/context";
import { Boundary } from "../elements/Boundary";
import { Loading } from "../elements/Failed";
import { shownName } from "../elements/source";
import { WarningIcon } from "../icons/icons";
import { useContent } from "../elements/useContent";
import { compile, type Component, type Compiled } from "./compile";
import { toaster } from "./toaster";
import { Utilities } from "./utilities/Utilities";
import "./custom.css";

type Built = { compiled: Compiled } | { error: string };

/** A component of the application, from its own `public/elements/<name>.jsx`. */
export default function CustomElement({ element }: { element: ElementDict }) {
  const { t, api } = useApp();
  const name = element.name ?? "";
  const source = useContent(name === "" ? null : api.customElementUrl(name));
  const [built, setBuilt] = useState<Built | null>(null);
  const code = source.phase === "done" ? source.text : null;

  useEffect(() => {
    if (code === null) return;
    let stale = false;
    compile(name, code).then(
      (compiled) => {
        if (!stale) setBuilt({ compiled });
      },
      (failure: unknown) => {
        if (!stale) setBuilt({ error: failure instanceof Error ? failure.message : String(failure) });
      },
    );
    return () => {
      stale = true;
    };
  }, [name, code]);

  // A single page application answers with its page where there is no such file.
  const missing = source.phase === "failed" || (code !== null && /^\s*<!doctype html/i.test(code));
  if (missing) return <Broken name={name}>{t("page.custom.missing", { name })}</Broken>;
  if (built === null) return <Loading />;
  if ("error" in built) return <Broken name={name}>{built.error}</Broken>;
  return <Run element={element} compiled={built.compiled} />;
}

function Broken({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useApp();
  return (
    <div className="custom-broken" role="alert">
      <WarningIcon />
      <div>
        {t("page.custom.failed", { name })}
        <pre>{children}</pre>
      </div>
    </div>
  );
}

function Run({ element, compiled }: { element: ElementDict; compiled: Compiled }) {
  const { chat, api } = useApp();
  const current = useLatest(element);
  useEffect(() => toaster.bind((text, kind) => chat.toast(text, kind)), [chat]);
  // Made once: the component keeps its state when its props change.
  const made = useMemo((): Component | Error => {
    try {
      return compiled({
        updateElement: (props) => api.updateElement(chat.sessionId, { ...current(), props }),
        deleteElement: () => api.deleteElement(chat.sessionId, current()),
        callAction: ({ name, payload }) =>
          api.runAction(chat.sessionId, { id: newId(), name, payload: payload ?? {}, label: "", tooltip: "", icon: null, forId: null }),
        sendUserMessage: (text) => chat.send(String(text)),
        submitElement: (props) => chat.answerElement(current().forId, props ?? {}),
        cancelElement: () => chat.answerElement(current().forId, null),
      });
    } catch (failure) {
      return failure instanceof Error ? failure : new Error(String(failure));
    }
  }, [compiled, current, api, chat]);

  const name = shownName(element);
  if (made instanceof Error) return <Broken name={name}>{made.message}</Broken>;
  return (
    <Boundary name={name} resetKey={element} onError={(error) => <Broken name={name}>{error.message}</Broken>}>
      <Utilities>
        <made.View props={element.props ?? {}} />
      </Utilities>
    </Boundary>
  );
}

/** Reads the newest value at the time of the call, without being another thing after each change. */
function useLatest<T>(value: T): () => T {
  const box = useRef(value);
  useEffect(() => {
    box.current = value;
  });
  return useCallback(() => box.current, []);
}
