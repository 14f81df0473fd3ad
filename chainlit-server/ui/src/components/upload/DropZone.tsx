import { useEffect, useState } from "react";
import { useApp } from "../app/context";
import { FileField, limitsText } from "./UploadButton";
import type { FilePlace } from "./useFiles";

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;

/** The whole page takes files that are dropped on it. */
export function DropZone({ place, onFiles }: { place: FilePlace; onFiles: (files: readonly File[]) => void }) {
  const { t } = useApp();
  const [over, setOver] = useState(false);

  useEffect(() => {
    let depth = 0;
    const change = (event: DragEvent, by: number) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    const enter = (event: DragEvent) => change(event, 1);
    const leave = (event: DragEvent) => change(event, -1);
    const hover = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!carriesFiles(event)) return;
      // The browser would open the file in place of the page.
      event.preventDefault();
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hover);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hover);
      window.removeEventListener("drop", drop);
    };
  }, [onFiles]);

  return (
    <>
      <FileField rules={place.rules} onFiles={onFiles} id="#upload-drop-input" label={t("chat.fileUpload.dragDrop")} />
      {over && (
        <div className="drop-zone" aria-hidden="true">
          <p>
            <strong>{t("chat.fileUpload.dragDrop")}</strong>
            <span>{limitsText(place.rules, t)}</span>
          </p>
        </div>
      )}
    </>
  );
}
