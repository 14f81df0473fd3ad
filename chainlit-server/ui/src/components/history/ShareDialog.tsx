import { useState } from "react";
import { useSelect } from "../../client/hooks";
import type { ThreadList } from "../../client/history/list";
import { sharePath } from "../../client/place";
import type { ThreadDict } from "../../client/protocol";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { copyText } from "../message/copy";
import { useHistory } from "./useHistory";

/** Days that a link may be open; `0` is for ever. */
const days = [1, 7, 30, 0] as const;

/** Opens and closes the link by which others read a conversation. */
export function ShareDialog({ thread, onClose }: { thread: ThreadDict; onClose: () => void }) {
  const { t, chat } = useApp();
  const history = useHistory();
  const [busy, setBusy] = useState(false);
  const { metadata } = useSelect(history.list, ({ threads }: ThreadList) => threads.find(({ id }) => id === thread.id) ?? thread);
  const isShared = metadata?.["is_shared"] === true;
  const text = (key: string) => t(`threadHistory.thread.actions.share.${key}`);

  const change = async (wanted: boolean, lasts: number) => {
    setBusy(true);
    try {
      const end = wanted && lasts > 0 ? new Date(Date.now() + lasts * 86_400_000).toISOString() : null;
      await history.share({ ...thread, ...(metadata === undefined ? {} : { metadata }) }, wanted, end);
      if (!wanted) chat.toast(text("status.unshared"), "success");
    } catch (failure) {
      chat.toast(`${text(wanted ? "error.create" : "error.unshare")}: ${(failure as Error).message}`, "error");
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      id="share-dialog"
      title={text("title")}
      open
      onClose={onClose}
      footer={isShared ? <Revoke busy={busy} onRevoke={() => void change(false, 0)} onClose={onClose} /> : undefined}
    >
      {isShared ? (
        <OpenLink id={thread.id} expiresAt={metadata["share_expires_at"]} />
      ) : (
        <NewLink busy={busy} onCreate={(lasts) => void change(true, lasts)} />
      )}
    </Dialog>
  );
}

function NewLink({ busy, onCreate }: { busy: boolean; onCreate: (lasts: number) => void }) {
  const { t } = useApp();
  const [lasts, setLasts] = useState<number>(7);
  return (
    <div className="share-form">
      <p>{t("page.history.shareNote")}</p>
      <label htmlFor="share-expiry">{t("page.history.expiry")}</label>
      <select id="share-expiry" value={lasts} onChange={(event) => setLasts(Number(event.target.value))}>
        {days.map((count) => (
          <option key={count} value={count}>
            {count === 0 ? t("page.history.never") : count === 1 ? t("page.history.oneDay") : t("page.history.days", { count })}
          </option>
        ))}
      </select>
      <button type="button" id="create-share-link" className="button" disabled={busy} onClick={() => onCreate(lasts)}>
        {t("page.history.createLink")}
      </button>
    </div>
  );
}

function OpenLink({ id, expiresAt }: { id: string; expiresAt: unknown }) {
  const { t, root } = useApp();
  const [copied, setCopied] = useState(false);
  const address = `${window.location.origin}${root}${sharePath(id)}`;
  const end = typeof expiresAt === "string" ? new Date(expiresAt) : null;
  const time = end?.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  return (
    <div className="share-form">
      <label htmlFor="share-link">{t("page.history.link")}</label>
      <div className="share-line">
        <input id="share-link" readOnly value={address} onFocus={(event) => event.target.select()} />
        <button
          type="button"
          id="copy-share-link"
          className="button"
          onClick={() => void copyText(address).then((done) => setCopied(done))}
        >
          {t(copied ? "chat.messages.actions.copy.success" : "chat.messages.actions.copy.button")}
        </button>
      </div>
      <p role="status">
        {copied ? `${t("threadHistory.thread.actions.share.status.copied")}. ` : ""}
        {time === undefined ? t("page.history.endless") : t("page.history.until", { time })}
      </p>
    </div>
  );
}

function Revoke({ busy, onRevoke, onClose }: { busy: boolean; onRevoke: () => void; onClose: () => void }) {
  const { t } = useApp();
  return (
    <>
      <button type="button" id="revoke-share-link" className="button quiet" disabled={busy} onClick={onRevoke}>
        {t("page.history.revoke")}
      </button>
      <button type="button" className="button" onClick={onClose}>
        {t("page.close")}
      </button>
    </>
  );
}
