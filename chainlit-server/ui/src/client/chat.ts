import type { Api } from "./api";
import { withDeadline } from "./ask";
import { Talk } from "./audio/talk";
import { Connection } from "./connection/connection";
import { FrameQueue } from "./connection/frames";
import { type Outgoing, Outbox, outgoingEdit, outgoingMessage } from "./connection/outbox";
import {
  browserPlace,
  claimNewSession,
  claimSession,
  forgetSession,
  noteSessionThread,
  returnToSession,
  type SessionClaim,
  sessionThread,
} from "./connection/session";
import { newId } from "./ids";
import type { Place } from "./place";
import { elementOf } from "./upload/element";
import { type SentFile, Uploads } from "./upload/uploads";
import type { ChosenProfile } from "./profile";
import type { ActionDict, ConnectAuth, StepDict, ThreadDict } from "./protocol";
import { emptyConversation, event, type FormValues, isUserMessage, reduce, reduceAll, selectModes } from "./state";
import { isRecord, textOr } from "./state/record";
import { createStore } from "./store";
import type { UserEnv } from "./userEnv";
import { hearEmbedder, tellEmbedder } from "./windowMessages";

export type ChatOptions = {
  root: string;
  api: Api;
  transports?: ("websocket" | "polling")[] | undefined;
  userName: string;
  userEnv: UserEnv;
  profile: ChosenProfile;
  fetchFavorites: boolean;
  /** The server says that the reader's login has ended. */
  onLoggedOut: () => void;
  /** Samples in a second of the sound that the application wants. */
  sampleRate: number;
  /** Conversations are kept, and have an address; `resumable`: they can be gone on with. */
  threads?: { resumable: boolean } | null;
};

/** Sessions that go on while the reader looks at another conversation. */
const mostKept = 4;

/** The server's words for a session of another user. */
const foreignSession = "authorization failed";

/** Steps of a conversation that is only read, at first. */
const stepsAtFirst = 100;

/** Steps that are looked through for what was said of them. */
const stepsWithFeedback = 1000;

/** Why a conversation is not there, in the server's words if it has any. `isReady`: a new one is there in its place. */
type Missed = { reason: string | null; isReady: boolean };

/** What goes with a message beside its text. `command` takes the place of the one that is chosen. */
export type Extras = { files?: readonly SentFile[]; command?: string | null };

/** The conversation of this tab: what is known of it, and everything that the reader can do to it. */
export class Chat {
  readonly conversation = createStore(emptyConversation);
  readonly connection: Connection;
  /** Files for the next message, and files that answer the open question. */
  readonly uploads = new Uploads((file, options) => this.options.api.upload(this.sessionId, file, null, options));
  readonly answers = new Uploads((file, options) => {
    const parentId = this.conversation.get().ask?.parentId ?? null;
    return this.options.api.upload(this.sessionId, file, parentId, options);
  });
  readonly talk: Talk;
  readonly #place = browserPlace();
  readonly #queue = new FrameQueue((events) => this.conversation.update((now) => reduceAll(now, events)));
  readonly #outbox = new Outbox(({ id, name, payload }) =>
    this.connection.request(name, [payload], () => this.#outbox.settle(id)),
  );
  #claim: SessionClaim | null = null;
  #answer: ((answer: unknown) => void) | null = null;
  #lastAsked = "";
  /** Sessions of this tab that something runs in, by their conversation. */
  readonly #kept = new Map<string, SessionClaim>();
  /** The conversation that was wanted last: an older one comes too late. */
  #turn = 0;
  /** The server has said that something runs. */
  #runs = false;
  #earlier: Promise<boolean> | null = null;
  /** The conversation that was wanted is not there. */
  onMissed: (missed: Missed) => void = () => undefined;
  /** The first thing was said in a conversation that is kept. */
  onBegun: (threadId: string, text: string) => void = () => undefined;
  /** What was said was answered, or nobody answers it any more. */
  onSettled: () => void = () => undefined;
  /** A stop is on its way. */
  #stopping = false;
  /** Confirmed values of the form that the server has not acknowledged. */
  #confirming: { values: FormValues } | null = null;
  /** Those that a breaking connection may have swallowed. */
  #lostSettings: FormValues | null = null;

  constructor(private readonly options: ChatOptions) {
    this.connection = new Connection({
      root: options.root,
      transports: options.transports ?? ["websocket", "polling"],
      auth: () => this.#auth(),
      onEvent: (name, data, reply) => this.#receive(name, data, reply),
      onConnect: (recovered) => this.#connected(recovered),
      onDisconnect: () => this.#disconnected(),
      onRefused: (reason) => this.#refused(reason),
    });
    this.talk = new Talk({
      rate: options.sampleRate,
      emit: (name, ...args) => this.connection.emit(name, ...args),
      connected: () => this.connection.connected,
    });
    this.connection.state.subscribe(() => {
      const state = this.connection.state.get();
      if (state.phase !== "refused") return;
      if (this.conversation.get().opening) this.#miss({ reason: state.reason, isReady: false });
      // Somebody else has logged in: the session is that of who was here before.
      else if (state.reason === foreignSession) void this.newChat();
    });
    hearEmbedder((data) => this.#emitNow("window_message", data));
  }

  get sessionId(): string {
    return this.#claim?.id ?? "";
  }

  /** Connects for the first time, or again after the reader changed what the server had refused. */
  async start(place: Place = { kind: "other" }): Promise<void> {
    if (this.#claim !== null) return this.connection.retryNow();
    const { threads } = this.options;
    const own = sessionThread(this.#place);
    if (threads && place.kind === "thread") {
      if (place.id !== own) return this.openThread(place.id);
      const claim = await claimSession(this.#place);
      // Another tab has the session: this one takes the conversation up by itself.
      if (claim.copied && !threads.resumable) {
        claim.release();
        return this.openThread(place.id);
      }
      this.#claim = claim;
      this.#apply(event({ name: "thread_awaited", data: { id: place.id } }));
      this.#askForFeedbacks(place.id);
      return this.#connect();
    }
    // What has an address is not what the start page shows.
    const isNew = threads && place.kind === "new" && own !== "";
    this.#claim = await (isNew ? claimNewSession : claimSession)(this.#place);
    if (isNew) this.#note("");
    await this.#connect();
  }

  /** Goes on with a stored conversation, or shows it where that can't be done. */
  async openThread(id: string): Promise<void> {
    if (this.conversation.get().threadId === id) return;
    const turn = this.#leave();
    this.#apply(event({ name: "thread_awaited", data: { id } }));
    if (this.options.threads?.resumable !== true) return this.#view(turn, false, () => this.options.api.thread(id, stepsAtFirst));
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (kept !== undefined) {
      returnToSession(this.#place, kept);
      this.#askForFeedbacks(id);
    }
    await this.#enter(turn, id, kept);
  }

  /** Shows what somebody shares by its link. */
  async openShared(id: string): Promise<void> {
    const turn = this.#leave();
    this.#apply(event({ name: "thread_awaited", data: { id } }));
    await this.#view(turn, true, () => this.options.api.sharedThread(id));
  }

  /** Brings the steps before those that are there; `onBefore` is called when they have come. False when that did not work. */
  loadEarlier(onBefore: () => void): Promise<boolean> {
    this.#earlier ??= this.#loadEarlier(onBefore).finally(() => (this.#earlier = null));
    return this.#earlier;
  }

  send(text: string, { files = [], command }: Extras = {}): void {
    const { ask, command: chosen } = this.conversation.get();
    if (ask?.spec.type === "text" && this.#answer !== null) {
      const answer = this.#ownMessage(text, ask.parentId === null ? {} : { parentId: ask.parentId });
      this.#apply(event({ name: "user_sent", data: answer }));
      this.#reply(answer);
      return;
    }
    const modes = selectModes(this.conversation.get());
    const goesWith = command ?? chosen;
    const message = this.#ownMessage(text, {
      ...(goesWith === null ? {} : { command: goesWith }),
      ...(modes === null ? {} : { modes }),
    });
    this.#apply(event({ name: "user_sent", data: message }));
    // The server says the same when it has the message, with the same ids.
    for (const file of files) this.#apply(event({ name: "element", data: elementOf(file, message.id) }));
    this.#post(outgoingMessage(message, files));
  }

  edit(id: string, output: string): void {
    const step = this.conversation.get().steps.get(id);
    if (step === undefined) return;
    this.#apply(event({ name: "user_edited", data: { id, output } }));
    this.#post(outgoingEdit({ ...step, output }, newId()));
  }

  /** Asks for another answer to the reader's last message. */
  regenerate(): void {
    const last = [...this.conversation.get().steps.values()].filter(isUserMessage).at(-1);
    if (last !== undefined) this.edit(last.id, last.output ?? "");
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

  /** Answers the question for files with those that were uploaded for it. */
  answerWithFiles(): void {
    const { ask } = this.conversation.get();
    // After a break the files wait until the question has come again.
    if (ask?.spec.type !== "file" || this.#answer === null) return;
    const files = this.answers.take();
    if (files.length > 0) this.#reply(files.map(({ id }) => ({ id })));
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

  chooseCommand(id: string | null): void {
    this.#apply(event({ name: "command_chosen", data: { id } }));
  }

  chooseMode(mode: string, option: string): void {
    this.#apply(event({ name: "mode_chosen", data: { mode, option } }));
  }

  /** Tells what the form holds while it is filled in: the application may want to change the form by it. */
  editSettings(values: FormValues): void {
    this.#emitNow("chat_settings_edit", values);
  }

  /** The reader confirmed the form. False without a connection: then nothing has changed. */
  changeSettings(values: FormValues): boolean {
    if (!this.connection.connected) return false;
    const confirming = { values };
    this.#confirming = confirming;
    this.connection.request("chat_settings_change", [values], () => {
      if (this.#confirming === confirming) this.#confirming = null;
    });
    this.#apply(event({ name: "settings_confirmed", data: values }));
    return true;
  }

  markFavorite(step: StepDict, favorite: boolean): void {
    const message = { ...step, metadata: { ...step.metadata, favorite } };
    if (!this.#emitNow("message_favorite", { message })) return;
    this.#apply(event({ name: "favorite_marked", data: { id: step.id, favorite } }));
  }

  /** What the reader thinks of a step; null takes it back. */
  async giveFeedback(step: StepDict, value: 0 | 1 | null, comment: string | null): Promise<void> {
    const { api } = this.options;
    const known = step.feedback ?? null;
    if (value === null) {
      if (known?.id !== undefined) await api.withdrawFeedback(known.id);
      return this.#apply(event({ name: "feedback_given", data: { id: step.id, feedback: null } }));
    }
    const feedback = { ...known, forId: step.id, threadId: step.threadId ?? "", value, comment };
    const id = await api.giveFeedback(this.sessionId, feedback);
    const stored = id === undefined ? feedback : { ...feedback, id };
    this.#apply(event({ name: "feedback_given", data: { id: step.id, feedback: stored } }));
  }

  async newChat(): Promise<void> {
    const turn = this.#leave();
    this.#apply(event({ name: "reset", data: null }));
    await this.#enter(turn, "", undefined);
  }

  /** Goes away for good; the session can be taken up by another page of this tab. */
  close(): void {
    this.#turn += 1;
    this.connection.close();
    this.talk.leave();
    this.#claim?.release();
    this.#claim = null;
  }

  toast(message: string, type: "info" | "success" | "warning" | "error"): void {
    this.#apply(event({ name: "toast", data: { message, type } }));
  }

  dismissToast(id: number): void {
    this.#apply(event({ name: "toast_dismissed", data: { id } }));
  }

  /** Leaves the conversation for another one. What runs in it goes on if it can be found again. */
  #leave(): number {
    const { threadId, running, ask, view } = this.conversation.get();
    const claim = this.#claim;
    const goesOn = this.options.threads?.resumable === true && threadId !== null && view === "live" && (running || ask !== null);
    if (!goesOn) this.connection.emit("clear_session");
    this.connection.close();
    this.#answer = null;
    this.#outbox.clear();
    this.#confirming = null;
    this.#lostSettings = null;
    this.uploads.clear();
    this.answers.clear();
    this.talk.leave();
    if (goesOn && claim !== null) this.#keep(threadId, claim);
    else claim?.release();
    this.#claim = null;
    this.#turn += 1;
    return this.#turn;
  }

  #keep(threadId: string, claim: SessionClaim): void {
    this.#kept.set(threadId, claim);
    for (const [id, oldest] of [...this.#kept].slice(0, -mostKept)) {
      oldest.release();
      this.#kept.delete(id);
    }
  }

  /** Begins with a session, unless the reader wants another conversation by now. */
  async #enter(turn: number, threadId: string, kept: SessionClaim | undefined): Promise<void> {
    const claim = kept ?? (await claimNewSession(this.#place));
    if (turn !== this.#turn) return claim.release();
    this.#claim = claim;
    this.#note(threadId);
    await this.#connect();
  }

  async #view(turn: number, shared: boolean, load: () => Promise<ThreadDict | null>): Promise<void> {
    const thread = await load().catch((failure: unknown) => failure as Error);
    if (turn !== this.#turn) return;
    if (thread === null || thread instanceof Error) return this.#miss({ reason: thread?.message ?? null, isReady: false });
    this.#apply(event({ name: "thread_viewed", data: { thread, shared } }));
  }

  async #loadEarlier(onBefore: () => void): Promise<boolean> {
    const { threadId, hasEarlier, steps } = this.conversation.get();
    const [first] = steps.keys();
    if (threadId === null || !hasEarlier || first === undefined) return true;
    try {
      const page = await this.options.api.steps(threadId, first, this.sessionId);
      onBefore();
      this.#apply(event({ name: "earlier_loaded", data: { ...page, threadId } }));
      return true;
    } catch {
      return false;
    }
  }

  /** A session that goes on says nothing of what the reader thinks of its answers. */
  #askForFeedbacks(id: string): void {
    const know = (thread: ThreadDict | null) => {
      if (thread !== null) this.#apply(event({ name: "feedbacks_known", data: thread }));
    };
    this.options.api.thread(id, stepsWithFeedback).then(know, () => undefined);
  }

  #miss(missed: Missed): void {
    this.#note("");
    this.#apply(event({ name: "thread_missed", data: null }));
    this.onMissed(missed);
  }

  /** Which conversation this tab's session goes on with. */
  #note(threadId: string): void {
    if (this.options.threads) noteSessionThread(this.#place, threadId);
  }

  async #connect(): Promise<void> {
    // Only load balancers want the cookie; without one the chat works as well.
    const turn = this.#turn;
    await this.options.api.setSessionCookie(this.sessionId).catch(() => undefined);
    if (turn === this.#turn) this.connection.open();
  }

  #auth(): ConnectAuth {
    return {
      sessionId: this.sessionId,
      clientType: "webapp",
      threadId: this.conversation.get().threadId ?? "",
      userEnv: this.options.userEnv.text(),
      chatProfile: encodeURIComponent(this.options.profile.name),
      pages: true,
    };
  }

  #ownMessage(text: string, more: Partial<StepDict>): StepDict {
    return {
      threadId: "",
      id: newId(),
      name: this.options.userName,
      type: "user_message",
      output: text,
      createdAt: new Date().toISOString(),
      metadata: { location: window.location.href },
      ...more,
    };
  }

  /** The reader's own doings are shown at once, after everything that came before them. */
  #apply(own: ReturnType<typeof event>): void {
    this.#queue.flush();
    this.conversation.update((now) => reduce(now, own));
  }

  #reply(answer: unknown): void {
    // The question went with its connection, and comes again.
    if (this.#answer === null) return;
    this.#answer(answer);
    this.#answer = null;
    this.#apply(event({ name: "ask_answered", data: null }));
  }

  #receive(name: string, data: unknown, reply: ((answer: unknown) => void) | null): void {
    if (name.startsWith("audio_")) return this.talk.hear(name, data);
    if (name === "window_message") return tellEmbedder(data);
    if (name === "ask") {
      this.#answer = reply;
      this.#dropOldAnswers(data);
    }
    if (name === "clear_ask" || name === "ask_timeout") this.#answer = null;
    if (name === "task_end") this.#stopping = false;
    if (name === "logged_out") return this.#loggedOut();
    if (name === "reload") return this.#reload();
    this.#outbox.hear(name, data);
    this.#queue.push({ name, data: name === "ask" ? withDeadline(data, Date.now()) : data });
    if (name === "chat_settings") this.#confirmAgain();
    if (name === "first_interaction" && isRecord(data)) {
      const id = textOr(data["thread_id"], "");
      this.#note(id);
      // What is taken up again is in the list, where it stands by its time.
      if (id !== "" && data["interaction"] !== "resume") this.onBegun(id, textOr(data["interaction"], ""));
    }
    if (name === "task_start") this.#runs = true;
    if (name === "task_end" && this.#runs) {
      this.#runs = false;
      this.onSettled();
    }
    // Its text is shown; the session that there is has a new conversation.
    if (name === "resume_thread_error") this.#miss({ reason: null, isReady: true });
  }

  /** Files that answer a question belong to no other one. The same one may come again, after a break. */
  #dropOldAnswers(data: unknown): void {
    const msg = isRecord(data) ? data["msg"] : null;
    const id = isRecord(msg) ? textOr(msg["id"], "") : "";
    if (id !== this.#lastAsked) this.answers.clear();
    this.#lastAsked = id;
  }

  /** What has no worth when it comes late is not kept for the next connection. */
  #emitNow(name: string, data: unknown): boolean {
    const { connected } = this.connection;
    if (connected) this.connection.emit(name, data);
    return connected;
  }

  /** Says again what the server may not have heard, which the page shows as what holds. */
  #confirmAgain(): void {
    const values = this.#lostSettings;
    this.#lostSettings = null;
    if (values !== null) this.changeSettings(values);
  }

  #post(outgoing: Outgoing): void {
    const { connected } = this.connection;
    if (!connected) this.#apply(event({ name: "message_queued", data: { id: outgoing.payload.message.id } }));
    this.#outbox.post(outgoing, connected);
  }

  #connected(recovered: boolean): void {
    this.connection.emit("connection_successful");
    // Otherwise the server shows the form anew: then the values follow it.
    if (recovered) this.#confirmAgain();
    if (this.options.fetchFavorites) this.connection.emit("fetch_favorites");
    for (const { name, payload } of this.#outbox.flush()) {
      const { id } = payload.message;
      this.#apply(event({ name: "message_delivered", data: { id, isNew: name === "client_message" } }));
    }
    this.talk.connectedAgain();
    this.uploads.retryUnreached();
    this.answers.retryUnreached();
  }

  #disconnected(): void {
    this.talk.disconnected();
    // The open question belongs to the connection: the server asks again on the next one.
    this.#answer = null;
    this.#apply(event({ name: "connection_lost", data: null }));
    // Sent again, it might end what was asked since. The reader sees what still runs, and can.
    if (this.#stopping) this.#apply(event({ name: "stop_lost", data: null }));
    this.#stopping = false;
    this.#lostSettings = this.#confirming?.values ?? this.#lostSettings;
    this.#confirming = null;
    for (const { payload } of this.#outbox.lost()) {
      this.#apply(event({ name: "message_queued", data: { id: payload.message.id } }));
    }
  }

  #refused(reason: string): void {
    if (reason === "authentication failed") this.#loggedOut();
    // Somebody else used this tab before, and their chat is not for this reader.
    if (reason === "authorization failed") void this.newChat();
  }

  /** The chat stays on the server for a while: whoever logs in again finds it as it was. */
  #loggedOut(): void {
    this.connection.close();
    this.options.onLoggedOut();
  }

  /** The application was built anew. */
  #reload(): void {
    this.connection.emit("clear_session");
    this.connection.close();
    forgetSession(this.#place);
    window.location.reload();
  }
}
