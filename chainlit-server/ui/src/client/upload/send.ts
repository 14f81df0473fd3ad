import { ApiError } from "../api";

export type SendOptions = { signal: AbortSignal; onProgress: (part: number) => void };

/** Sends one file as a form, and tells how far it got (0 to 1). `fetch` could not tell. */
export function sendFile(url: string, file: File, { signal, onProgress }: SendOptions): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.withCredentials = true;
    request.responseType = "text";
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    };
    request.onload = () => {
      const answer = read(request.responseText);
      if (request.status >= 200 && request.status < 300 && typeof answer["id"] === "string") resolve({ id: answer["id"] });
      else reject(new ApiError(request.status, typeof answer["detail"] === "string" ? answer["detail"] : null));
    };
    // Without a status: the server was not reached.
    request.onerror = () => reject(new ApiError(0, null));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  });
}

function read(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
