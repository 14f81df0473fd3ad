import { ApiError } from "../api";
import { newId } from "../ids";
import { createStore } from "../store";
import type { SendOptions } from "./send";

/** A file that the reader chose, on its way to the server. */
export type Upload = {
  id: string;
  file: File;
} & (
  | { phase: "waiting" }
  | { phase: "sending"; part: number }
  /** `serverId` is how the server knows it. */
  | { phase: "done"; serverId: string }
  /** `reason` is the server's; null when the server was not reached. */
  | { phase: "failed"; reason: string | null }
);

export type SentFile = { id: string; file: File };

type Change = Upload extends infer One ? (One extends Upload ? Omit<One, "id" | "file"> : never) : never;

/** So many at once; the others wait. */
const lanes = 3;

/** The chosen files, in order: each is sent at once, and can be cancelled or tried again. */
export class Uploads {
  readonly list = createStore<readonly Upload[]>([]);
  readonly #running = new Map<string, AbortController>();

  constructor(private readonly send: (file: File, options: SendOptions) => Promise<{ id: string }>) {}

  add(files: readonly File[]): void {
    this.list.update((now) => [...now, ...files.map((file) => ({ id: newId(), file, phase: "waiting" as const }))]);
    this.#next();
  }

  /** Takes a file away, also when it is on its way. */
  remove(id: string): void {
    this.#running.get(id)?.abort();
    this.list.update((now) => now.filter((upload) => upload.id !== id));
  }

  retry(id: string): void {
    if (this.#find(id)?.phase !== "failed") return;
    this.#set(id, { phase: "waiting" });
    this.#next();
  }

  /** The server can be reached again: what failed because it could not is tried again. */
  retryUnreached(): void {
    for (const upload of this.list.get()) {
      if (upload.phase === "failed" && upload.reason === null) this.retry(upload.id);
    }
  }

  /** What is there already goes with a message. What failed stays, so that nothing is lost unseen. */
  take(): SentFile[] {
    const done = this.list.get().flatMap((one) => (one.phase === "done" ? [{ id: one.serverId, file: one.file }] : []));
    this.list.update((now) => now.filter((upload) => upload.phase !== "done"));
    return done;
  }

  clear(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.list.set([]);
  }

  #find(id: string): Upload | undefined {
    return this.list.get().find((upload) => upload.id === id);
  }

  #set(id: string, change: Change): void {
    this.list.update((now) =>
      now.map((upload) => (upload.id === id ? { id, file: upload.file, ...change } : upload)),
    );
  }

  #next(): void {
    for (const { id, file, phase } of this.list.get()) {
      if (this.#running.size >= lanes) return;
      if (phase === "waiting" && !this.#running.has(id)) void this.#run(id, file);
    }
  }

  async #run(id: string, file: File): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.#set(id, { phase: "sending", part: 0 });
    try {
      const sent = await this.send(file, {
        signal: controller.signal,
        onProgress: (part) => this.#set(id, { phase: "sending", part }),
      });
      this.#set(id, { phase: "done", serverId: sent.id });
    } catch (failure) {
      const answered = failure instanceof ApiError && failure.status !== 0;
      this.#set(id, { phase: "failed", reason: answered ? failure.message : null });
    } finally {
      this.#running.delete(id);
      this.#next();
    }
  }
}

export const isOnTheWay = ({ phase }: Upload): boolean => phase === "waiting" || phase === "sending";
