import { useId, useRef } from "react";
import { chooserTypes, namedTypes, type UploadRules } from "../../client/upload/rules";
import type { Translate } from "../../client/i18n/translate";
import { useApp } from "../app/context";
import { ClipIcon } from "../icons/icons";

/** What may be uploaded, in a few words: shown before anything is sent. */
export function limitsText(rules: UploadRules, t: Translate): string {
  const parts: string[] = [];
  if (rules.maxFiles !== null) parts.push(t(rules.maxFiles === 1 ? "page.upload.one" : "page.upload.most", { count: rules.maxFiles }));
  if (rules.maxSizeMb !== null) parts.push(t("page.upload.size", { size: rules.maxSizeMb }));
  const types = namedTypes(rules);
  if (types !== "") parts.push(types);
  return parts.join(" · ");
}

type Props = { rules: UploadRules; onFiles: (files: readonly File[]) => void };

/** The hidden field behind a button that opens the browser's file chooser. */
export function FileField({ rules, onFiles, id, label }: Props & { id: string; label: string }) {
  return (
    <input
      id={id}
      type="file"
      className="hidden"
      tabIndex={-1}
      aria-label={label}
      accept={chooserTypes(rules)}
      multiple={rules.maxFiles !== 1}
      onChange={(event) => {
        onFiles([...(event.target.files ?? [])]);
        // The same file may be chosen again.
        event.target.value = "";
      }}
    />
  );
}

export function UploadButton({ rules, onFiles, disabled }: Props & { disabled: boolean }) {
  const { t } = useApp();
  const place = useRef<HTMLSpanElement>(null);
  const label = t("chat.input.actions.attachFiles");
  const limits = limitsText(rules, t);
  const limitsId = useId();
  return (
    <span ref={place} className="picker">
      <FileField rules={rules} onFiles={onFiles} id="upload-button-input" label={label} />
      <button
        type="button"
        id="upload-button"
        className="tool only-icon"
        aria-label={label}
        aria-describedby={limitsId}
        title={limits === "" ? label : `${label}\n${limits}`}
        disabled={disabled}
        onClick={() => place.current?.querySelector("input")?.click()}
      >
        <ClipIcon />
      </button>
      <span id={limitsId} hidden>
        {limits}
      </span>
    </span>
  );
}
