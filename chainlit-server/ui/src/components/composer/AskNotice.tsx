import { useRef, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { AskSpec } from "../../client/protocol";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";

const selectAsk = (state: ConversationState) => state.ask;

/** Says that the application waits for the reader, and what for. */
export function AskNotice() {
  const { t, chat, name } = useApp();
  const ask = useSelect(chat.conversation, selectAsk);
  if (ask === null) return null;
  const asking = chat.conversation.get().steps.get(ask.stepId)?.name ?? name;
  return (
    <div className="ask-notice" role="status">
      <span className="ask-dot" aria-hidden="true" />
      <span>
        <strong>{t("page.asked", { name: asking })}</strong>{" "}
        {ask.spec.type === "text" && t("page.askedText")}
        {ask.spec.type === "action" && t("page.askedAction")}
        {ask.spec.type === "file" &&
          t("page.askedFile", { count: ask.spec.max_files ?? 1, size: ask.spec.max_size_mb ?? 2 })}
      </span>
      {ask.spec.type === "file" && <AskFile spec={ask.spec} />}
    </div>
  );
}

function AskFile({ spec }: { spec: AskSpec }) {
  const { t, chat } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const accept = Array.isArray(spec.accept) ? spec.accept : Object.entries(spec.accept ?? {}).flat(2);
  const most = spec.max_files ?? 1;
  const upload = async (files: readonly File[]) => {
    const tooBig = files.some((file) => file.size > (spec.max_size_mb ?? Infinity) * 1024 * 1024);
    if (files.length === 0) return;
    if (files.length > most || tooBig) return chat.toast(t("chat.fileUpload.errors.failed"), "error");
    setBusy(true);
    try {
      await chat.answerWithFiles(files);
    } catch (failure) {
      chat.toast(`${t("chat.fileUpload.errors.failed")}: ${(failure as Error).message}`, "error");
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <input
        ref={input}
        id="ask-button-input"
        type="file"
        className="hidden"
        tabIndex={-1}
        aria-label={t("chat.fileUpload.browse")}
        accept={accept.includes("*/*") ? undefined : accept.join(",")}
        multiple={most > 1}
        onChange={(event) => void upload([...(event.target.files ?? [])])}
      />
      <button type="button" id="ask-upload-button" className="button" disabled={busy} onClick={() => input.current?.click()}>
        {t("chat.fileUpload.browse")}
      </button>
    </>
  );
}
