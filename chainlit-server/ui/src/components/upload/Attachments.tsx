import { useEffect, useState } from "react";
import { useStore } from "../../client/hooks";
import { isOnTheWay, type Upload, type Uploads } from "../../client/upload/uploads";
import { useApp } from "../app/context";
import { CloseIcon, FileIcon, RetryIcon } from "../icons/icons";
import "./upload.css";

/** The chosen files: how far each is, and what can be done with it. */
export function Attachments({ uploads, id }: { uploads: Uploads; id?: string }) {
  const { t } = useApp();
  const list = useStore(uploads.list);
  if (list.length === 0) return null;
  return (
    <ul id={id} className="attachments" aria-label={t("page.upload.list")}>
      {list.map((upload) => (
        <Attachment key={upload.id} upload={upload} uploads={uploads} />
      ))}
    </ul>
  );
}

function Attachment({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { t } = useApp();
  const { id, file, phase } = upload;
  const { name } = file;
  const percent = upload.phase === "sending" ? Math.round(upload.part * 100) : upload.phase === "waiting" ? 0 : 100;
  const cancel = t(isOnTheWay(upload) ? "chat.fileUpload.actions.cancelUpload" : "chat.fileUpload.actions.removeAttachment");
  return (
    <li className={`attachment ${phase}`} title={name}>
      <Preview file={file} />
      <span className="attachment-text">
        <bdi className="attachment-name">{name}</bdi>
        {phase === "failed" ? (
          <span className="attachment-problem" role="alert">
            {upload.reason ?? t("page.upload.unreached")}
          </span>
        ) : (
          <span className="attachment-size">{isOnTheWay(upload) ? `${percent} %` : sizeText(file.size)}</span>
        )}
        {isOnTheWay(upload) && (
          <progress max={100} value={percent} aria-label={t("page.upload.progress", { name })} />
        )}
      </span>
      {phase === "failed" && (
        <button
          type="button"
          className="icon-button small"
          aria-label={t("page.upload.retry", { name })}
          title={t("page.upload.retry", { name })}
          onClick={() => uploads.retry(id)}
        >
          <RetryIcon />
        </button>
      )}
      <button
        type="button"
        className="icon-button small"
        aria-label={`${cancel} ${name}`}
        title={cancel}
        onClick={() => {
          uploads.remove(id);
          document.getElementById("chat-input")?.focus();
        }}
      >
        <CloseIcon />
      </button>
    </li>
  );
}

function Preview({ file }: { file: File }) {
  const [url, setUrl] = useState<string | null>(null);
  const isPicture = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type);
  useEffect(() => {
    if (!isPicture) return;
    const made = URL.createObjectURL(file);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the address has to be given back, so it is made here
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file, isPicture]);
  return url === null ? <FileIcon /> : <img src={url} alt="" />;
}

/** A size for people: `12 kB`, `3.4 MB`. */
function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let size = bytes / 1000;
  let at = 0;
  for (; size >= 1000 && at < units.length - 1; at += 1) size /= 1000;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[at] ?? ""}`;
}
