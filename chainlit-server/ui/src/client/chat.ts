import type { Api } from "./api";
import { Connection } from "./connection/connection";
import { FrameQueue } from "./connection/frames";
import { type Outgoing, Outbox, outgoingEdit, outgoingMessage } from "./connection/outbox";
import { browserPlace, claimNewSession, claimSession, forgetSession, type SessionClaim } from "./connection/session";
import { newId } from "./ids";
import type { ActionDict, ConnectAuth, StepDict } from "./protocol";
import { emptyConversation, event, reduce, reduceAll } from "./state";
import { createStore } from "./store";
import type { UserEnv } from "./userEnv";

export type ChatOptions = {
  root: string;
  api: Api;
  transports?: ("websocket" | "polling")[] | undefined;
  userName: string;
  userEnv: UserEnv;
  fetchFavorites: boolean;
};

/** The conversation of this tab: what is known of it, and everything that the reader can do to it. */
export class Chat {
  readonly conversation = createStore(emptyConversation);
  readonly connection: Connection;
  readonly #place = browserPlace();
  readonly #queue = new FrameQueue((events) => this.conversation.update((now) => reduceAll(now, events)));
  readonly #outbox = new Outbox(({ id, name, payload }) =>
    this.connection.request(name, [payload], () => this.#outbox.settle(id)),
  );
  #claim: SessionClaim | null = null;
  #answer: ((answer: unknown) => void) | null = null;
  /** A stop is on its way. */
  #stopping = false;

  constructor(private readonly options: ChatOptions) {
    this.connection = new Connection({
      root: options.root,
      transports: options.transports ?? ["websocket", "polling"],
      auth: () => this.#auth(),
      onEvent: (name, data, reply) => this.#receive(name, data, reply),
      onConnect: () => this.#connected(),
      onDisconnect: () => this.#disconnected(),
    });
  }

  get sessionId(): string {
    return this.#claim?.id ?? "";
  }

  /** Connects for the first time, or again after the reader changed what the server had refused. */
  async start(): Promise<void> {
    if (this.#claim !== null) return this.connection.retryNow();
    this.#claim = await claimSession(this.#place);
    await this.#connect();
  }

  send(text: string): void {
    const { ask } = this.conversation.get();
    const message = this.#ownMessage(text, ask?.spec.type === "text" ? ask.parentId : null);
    if (ask?.spec.type === "text" && this.#answer !== null) {
      this.#apply(event({ name: "user_sent", data: message }));
      this.#reply(message);
      return;
    }
    this.#apply(event({ name: "user_sent", data: message }));
    this.#post(outgoingMessage(message));
  }

  edit(id: string, output: string): void {
    const step = this.conversation.get().steps.get(id);
    if (step === undefined) return;
    this.#apply(event({ name: "user_edited", data: { id, output } }));
    this.#post(outgoingEdit({ ...step, output }, newId()));
  }

  stop(): void {
    this.#apply(event({ name: "user_stopped", data: null }));
    this.#stopping = true;
    this.connection.request("stop", [], () => (this.#stopping = false));
  }

  /** Runs an action, or answers the question that offered it. */
  async act(action: ActionDict): Promise<void> {
    const { ask } = this.conversation.get();
    if (ask?.spec.type === "action" && (ask.spec.keys ?? []).includes(action.id)) this.#reply(action);
    else await this.options.api.runAction(this.sessionId, action);
  }

  /** Answers the question that asked by an element: with what was filled in, or with `null` for "cancelled". */
  answerElement(forId: string | undefined, filled: Record<string, unknown> | null): void {
    const { ask } = this.conversation.get();
    if (ask?.spec.type !== "element" || ask.stepId !== forId) return;
    this.#reply(filled === null ? { submitted: false } : { ...filled, submitted: true });
  }

  openElement(id: string): void {
    this.#apply(event({ name: "side_opened", data: { id } }));
  }

  closeSideView(): void {
    this.#apply(event({ name: "side_closed", data: null }));
  }

  async answerWithFiles(files: readonly File[]): Promise<void> {
    const { ask } = this.conversation.get();
    if (ask?.spec.type !== "file") return;
    const answer: { id: string }[] = [];
    for (const file of files) answer.push({ id: (await this.options.api.upload(this.sessionId, file, ask.parentId)).id });
    this.#reply(answer);
  }

  async newChat(): Promise<void> {
    this.connection.emit("clear_session");
    this.connection.close();
    this.#answer = null;
    this.#outbox.clear();
    this.#claim?.release();
    this.#claim = await claimNewSession(this.#place);
    this.#apply(event({ name: "reset", data: null }));
    await this.#connect();
  }

  toast(message: string, type: "info" | "success" | "warning" | "error"): void {
    this.#apply(event({ name: "toast", data: { message, type } }));
  }

  dismissToast(id: number): void {
    this.#apply(event({ name: "toast_dismissed", data: { id } }));
  }

  async #connect(): Promise<void> {
    // Only load balancers want the cookie; without one the chat works as well.
    await this.options.api.setSessionCookie(this.sessionId).catch(() => undefined);
    this.connection.open();
  }

  #auth(): ConnectAuth {
    return {
      sessionId: this.sessionId,
      clientType: "webapp",
      threadId: this.conversation.get().threadId ?? "",
      userEnv: this.options.userEnv.text(),
      chatProfile: "",
    };
  }

  #ownMessage(text: string, parentId: string | null): StepDict {
    return {
      threadId: "",
      id: newId(),
      name: this.options.userName,
      type: "user_message",
      output: text,
      createdAt: new Date().toISOString(),
      metadata: { location: window.location.href },
      ...(parentId === null ? {} : { parentId }),
    };
  }

  /** The reader's own doings are shown at once, after everything that came before them. */
  #apply(own: ReturnType<typeof event>): void {
    this.#queue.flush();
    this.conversation.update((now) => reduce(now, own));
  }

  #reply(answer: unknown): void {
    this.#answer?.(answer);
    this.#answer = null;
    this.#apply(event({ name: "ask_answered", data: null }));
  }

  #receive(name: string, data: unknown, reply: ((answer: unknown) => void) | null): void {
    if (name === "ask") this.#answer = reply;
    if (name === "clear_ask" || name === "ask_timeout") this.#answer = null;
    if (name === "task_end") this.#stopping = false;
    if (name === "reload") return this.#reload();
    this.#outbox.hear(name, data);
    this.#queue.push({ name, data });
  }

  #post(outgoing: Outgoing): void {
    const { connected } = this.connection;
    if (!connected) this.#apply(event({ name: "message_queued", data: { id: outgoing.payload.message.id } }));
    this.#outbox.post(outgoing, connected);
  }

  #connected(): void {
    this.connection.emit("connection_successful");
    if (this.options.fetchFavorites) this.connection.emit("fetch_favorites");
    for (const { name, payload } of this.#outbox.flush()) {
      const { id } = payload.message;
      this.#apply(event({ name: "message_delivered", data: { id, isNew: name === "client_message" } }));
    }
  }

  #disconnected(): void {
    // The open question belongs to the connection: the server asks again on the next one.
    this.#answer = null;
    this.#apply(event({ name: "connection_lost", data: null }));
    // Sent again, it might end what was asked since. The reader sees what still runs, and can.
    if (this.#stopping) this.#apply(event({ name: "stop_lost", data: null }));
    this.#stopping = false;
    for (const { payload } of this.#outbox.lost()) {
      this.#apply(event({ name: "message_queued", data: { id: payload.message.id } }));
    }
  }

  /** The application was built anew. */
  #reload(): void {
    this.connection.emit("clear_session");
    this.connection.close();
    forgetSession(this.#place);
    window.location.reload();
  }
}
