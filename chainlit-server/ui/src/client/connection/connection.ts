import type { ConnectAuth } from "../protocol";
import { createStore } from "../store";
import { ChatSocket } from "./socket";
import { type ConnectionState, retryDelay } from "./state";

export type ConnectionOptions = {
  root: string;
  transports: ("websocket" | "polling")[];
  auth: () => ConnectAuth;
  /** Everything that the server says; `reply` is there when it waits for an answer. */
  onEvent: (name: string, data: unknown, reply: ((answer: unknown) => void) | null) => void;
  /** `recovered`: the server goes on where the last connection was, and shows nothing anew. */
  onConnect: (recovered: boolean) => void;
  onDisconnect: () => void;
  /** The server does not want this page, and says why. */
  onRefused: (reason: string) => void;
};

/** A server that accepts the transport but never answers the handshake is given up after this time. */
const handshakePatience = 20_000;

/** One Socket.IO connection that comes back by itself and tells the truth about its state. */
export class Connection {
  readonly state = createStore<ConnectionState>({ phase: "connecting" });
  #socket: ChatSocket | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #handshake: ReturnType<typeof setTimeout> | null = null;
  #wanted = false;

  constructor(private readonly options: ConnectionOptions) {
    window.addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.state.get().phase === "lost") this.retryNow();
    });
  }

  get connected(): boolean {
    return this.#socket?.connected ?? false;
  }

  /** Begins anew: nothing of an earlier connection is asked back. */
  open(): void {
    this.close();
    this.#socket = this.#create();
    this.#wanted = true;
    this.#attempt = 0;
    this.#try("connecting");
  }

  /** Leaves on purpose. */
  close(): void {
    this.#wanted = false;
    this.#clearTimers();
    this.#socket?.close();
    this.#socket = null;
  }

  /** The reader (or the network) does not want to wait for the planned attempt. */
  retryNow(): void {
    const { phase } = this.state.get();
    if (!this.#wanted || phase === "connected" || phase === "connecting") return;
    this.#attempt = 0;
    this.#try("lost");
  }

  emit(name: string, ...args: unknown[]): void {
    this.#socket?.emit(name, args);
  }

  /** Sends an event; `onAck` is called when the server acknowledged it, unless the connection breaks before. */
  request(name: string, args: unknown[], onAck: () => void): void {
    this.#socket?.emit(name, args, onAck);
  }

  #try(phase: "connecting" | "lost"): void {
    this.#clearTimers();
    this.state.set(phase === "connecting" ? { phase } : { phase, retryAt: null });
    this.#handshake = setTimeout(() => {
      this.#socket?.disconnect();
      this.#planRetry();
    }, handshakePatience);
    this.#socket?.connect();
  }

  #planRetry(): void {
    this.#clearTimers();
    if (!this.#wanted) return;
    const delay = retryDelay(this.#attempt);
    this.#attempt += 1;
    this.state.set({ phase: "lost", retryAt: Date.now() + delay });
    this.#retry = setTimeout(() => this.#try("lost"), delay);
  }

  #clearTimers(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#handshake !== null) clearTimeout(this.#handshake);
    this.#retry = null;
    this.#handshake = null;
  }

  #create(): ChatSocket {
    const { root, transports, auth, onEvent } = this.options;
    const options = { origin: window.location.origin, path: `${root}/ws/socket.io`, transports };
    return new ChatSocket(options, {
      auth,
      onEvent,
      onConnect: (recovered) => {
        this.#clearTimers();
        this.#attempt = 0;
        this.state.set({ phase: "connected" });
        this.options.onConnect(recovered);
      },
      onFailed: (reason, final) => {
        if (!final) return this.#planRetry();
        this.#clearTimers();
        this.state.set({ phase: "refused", reason });
        this.options.onRefused(reason);
      },
      onDisconnect: (reason) => {
        this.options.onDisconnect();
        if (!this.#wanted) return;
        if (reason === "io server disconnect") {
          this.#clearTimers();
          this.state.set({ phase: "elsewhere" });
        } else this.#planRetry();
      },
    });
  }
}
