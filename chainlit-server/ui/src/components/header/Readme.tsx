import { useState } from "react";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { InfoIcon } from "../icons/icons";
import { Markdown } from "../markdown/Markdown";

export function Readme() {
  const { t, settings } = useApp();
  const [open, setOpen] = useState(false);
  const text = settings.markdown ?? "";
  if (text.trim() === "") return null;
  const title = t("navigation.header.readme");
  return (
    <>
      <button type="button" id="readme-button" className="text-button" aria-label={title} onClick={() => setOpen(true)}>
        <InfoIcon />
        <span className="wide-only">{title}</span>
      </button>
      <Dialog title={title} open={open} onClose={() => setOpen(false)}>
        <div dir="auto">
          <Markdown text={text} growing={false} />
        </div>
      </Dialog>
    </>
  );
}
