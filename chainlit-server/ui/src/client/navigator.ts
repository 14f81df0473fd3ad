import type { Chat } from "./chat";
import { type Place, readPlace, threadPath } from "./place";

/** Keeps the address and the conversation in step, also with the browser's own buttons. */
export class Navigator {
  #leaving = false;
  #stop: (() => void) | null = null;

  /** `keeps`: conversations are kept, and have an address. */
  constructor(
    private readonly root: string,
    private readonly chat: Chat,
    private readonly keeps: boolean,
  ) {}

  get place(): Place {
    return readPlace(window.location.pathname, this.root);
  }

  /** The address of a conversation, for links. */
  addressOf(id: string): string {
    return `${this.root}${threadPath(id)}`;
  }

  /** Begins with what the address names; tries again to connect when it has begun. */
  start(): void {
    const { place, chat } = this;
    if (this.#stop !== null) return void chat.start();
    const look = () => this.#look();
    if (this.keeps) window.addEventListener("popstate", look);
    const unfollow = chat.conversation.subscribe(() => this.#follow());
    this.#stop = () => {
      window.removeEventListener("popstate", look);
      unfollow();
    };
    if (place.kind === "share") void chat.openShared(place.id);
    else void chat.start(this.keeps ? place : { kind: "other" });
  }

  /** The page makes room for another one. */
  stop(): void {
    this.#stop?.();
    this.#stop = null;
    this.chat.close();
  }

  open(id: string): Promise<void> {
    const { place } = this;
    if (place.kind !== "thread" || place.id !== id) this.#go(threadPath(id));
    return this.chat.openThread(id);
  }

  newChat(): Promise<void> {
    if (this.keeps && this.place.kind !== "new") this.#go("/");
    return this.#begin();
  }

  /** What the address names is not there: the start page is. */
  leaveMissed(isReady: boolean): void {
    if (this.place.kind === "thread") window.history.replaceState(null, "", `${this.root}/`);
    if (!isReady) void this.#begin();
  }

  /** While the old conversation is left, it is still the one that is shown: the address is not its own any more. */
  #begin(): Promise<void> {
    this.#leaving = true;
    const begun = this.chat.newChat();
    this.#leaving = false;
    return begun;
  }

  #go(path: string): void {
    window.history.pushState(null, "", `${this.root}${path}`);
  }

  /** The reader went back or forward. */
  #look(): void {
    const { place } = this;
    const { threadId } = this.chat.conversation.get();
    if (place.kind === "thread") void this.chat.openThread(place.id);
    else if (place.kind === "new" && threadId !== null) void this.#begin();
    else if (place.kind === "share") window.location.reload();
  }

  /** A new conversation is kept from the first message on: then it has an address, in place of the start page's. */
  #follow(): void {
    const { threadId } = this.chat.conversation.get();
    if (!this.keeps || this.#leaving || threadId === null || this.place.kind !== "new") return;
    window.history.replaceState(null, "", this.addressOf(threadId));
  }
}
