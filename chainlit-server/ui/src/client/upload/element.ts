import type { ElementDict } from "../protocol";
import type { SentFile } from "./uploads";

/** How a file is shown below the message that it goes with: as the server will show it. */
export function elementOf({ id, file }: SentFile, messageId: string): ElementDict {
  const mime = file.type || "application/octet-stream";
  return { id, chainlitKey: id, name: file.name, forId: messageId, display: "inline", mime, type: kindOf(mime) };
}

function kindOf(mime: string): "image" | "pdf" | "audio" | "video" | "file" {
  if (mime === "application/pdf") return "pdf";
  const family = mime.split("/")[0];
  return family === "image" || family === "audio" || family === "video" ? family : "file";
}
