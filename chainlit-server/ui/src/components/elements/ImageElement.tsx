import { useState } from "react";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { Failed } from "./Failed";
import type { ShownProps } from "./Element";

/** A picture; a click shows it as large as the window. */
export function ImageElement({ element, url, name }: ShownProps) {
  const { t } = useApp();
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState<string | null>(null);
  if (broken === url) return <Failed name={name} url={url} />;
  return (
    <>
      <button
        type="button"
        className={`image-button size-${element.size ?? "medium"}`}
        aria-label={t("page.elements.enlarge", { name })}
        onClick={() => setOpen(true)}
      >
        <img src={url} alt={name} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(url)} />
      </button>
      <Dialog id="image-view" title={name} open={open} onClose={() => setOpen(false)}>
        <img src={url} alt={name} referrerPolicy="no-referrer" />
      </Dialog>
    </>
  );
}
