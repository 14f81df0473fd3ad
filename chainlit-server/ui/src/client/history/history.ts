import { type Api, ApiError, type ApiUser } from "../api";
import type { ThreadDict } from "../protocol";
import { createStore } from "../store";
import { addPage, applyChange, type Change, emptyList, setFirstPage, type ThreadList } from "./list";

/** Threads of a page. */
const pageSize = 35;
/** Milliseconds without a further letter, until it is searched. */
const searchDelay = 300;

export type HistoryOptions = {
  api: Api;
  root: string;
  user: NonNullable<ApiUser>;
  /** Which session asks: a conversation that has no author belongs to it. */
  sessionId: () => string;
  /** A conversation was removed, by this tab or another one. */
  onRemoved: (id: string, elsewhere: boolean) => void;
};

/** The reader's stored conversations, in step with those of other tabs. */
export class History {
  readonly list = createStore<ThreadList>(emptyList);
  readonly #channel: BroadcastChannel | null;
  /** Of the request that counts; an answer to an older one comes too late. */
  #turn = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: HistoryOptions) {
    const name = `chainlit-threads ${options.root} ${options.user.identifier}`;
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<Change>) => this.#hear(data, true));
  }

  /** The first page, again if it is there. What is shown stays until it comes. */
  async refresh(): Promise<void> {
    await this.#load(null);
  }

  /** The next page, if there is one that is not under way. */
  async more(): Promise<void> {
    const { phase, cursor } = this.list.get();
    if (phase === "ready" && cursor !== null) await this.#load(cursor);
  }

  /** Searches once the reader has stopped to write. */
  search(text: string): void {
    clearTimeout(this.#typing);
    this.list.update((list) => ({ ...list, search: text }));
    this.#typing = setTimeout(() => this.#begin(), searchDelay);
  }

  lookAtArchive(archived: boolean): void {
    this.list.update((list) => ({ ...list, archived }));
    this.#begin();
  }

  /** A conversation got its first message; its title comes with the next page. */
  begun(id: string, name: string): void {
    if (this.list.get().threads.some((thread) => thread.id === id)) return;
    this.#tell({ kind: "begun", thread: { id, name, createdAt: new Date().toISOString() } });
  }

  async rename(id: string, name: string): Promise<void> {
    await this.options.api.changeThread(id, { name }, this.options.sessionId());
    this.#tell({ kind: "renamed", id, name });
  }

  async archive(id: string, archived: boolean): Promise<void> {
    await this.options.api.changeThread(id, { archived }, this.options.sessionId());
    this.#tell({ kind: "archived", id, archived });
    // It goes where it stands by its time.
    if (archived === this.list.get().archived) void this.refresh();
  }

  async remove(id: string): Promise<void> {
    try {
      await this.options.api.deleteThread(id, this.options.sessionId());
    } catch (failure) {
      // Somebody was faster.
      if (!(failure instanceof ApiError && failure.status === 404)) throw failure;
    }
    this.#tell({ kind: "removed", id });
  }

  /** Opens or ends the link of a conversation; `expiresAt` is when it ends by itself. */
  async share(thread: ThreadDict, isShared: boolean, expiresAt: string | null): Promise<void> {
    await this.options.api.shareThread(thread.id, isShared, expiresAt, this.options.sessionId());
    const metadata = { ...thread.metadata, is_shared: isShared, share_expires_at: isShared ? expiresAt : null };
    this.#tell({ kind: "shared", id: thread.id, metadata });
  }

  async #load(cursor: string | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const { search, archived } = this.list.get();
    this.list.update((list) => ({ ...list, phase: "loading" }));
    try {
      const page = await this.options.api.threads({ first: pageSize, cursor, search: search.trim(), archived });
      if (turn === this.#turn) this.list.update((list) => (cursor === null ? setFirstPage : addPage)(list, page));
    } catch {
      if (turn === this.#turn) this.list.update((list) => ({ ...list, phase: "failed" }));
    }
  }

  /** Another list altogether. */
  #begin(): void {
    clearTimeout(this.#typing);
    this.list.update((list) => ({ ...list, threads: [], cursor: null }));
    void this.refresh();
  }

  #tell(change: Change): void {
    this.#hear(change, false);
    this.#channel?.postMessage(change);
  }

  #hear(change: Change, elsewhere: boolean): void {
    this.list.update((list) => applyChange(list, change));
    if (change.kind === "removed") this.options.onRemoved(change.id, elsewhere);
    if (change.kind === "archived" && elsewhere && change.archived === this.list.get().archived) void this.refresh();
  }
}
