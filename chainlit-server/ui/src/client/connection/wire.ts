import { io, type Socket } from "socket.io-client";
import type { ConnectAuth } from "../protocol";
import type { ChatEvent } from "../state/types";
import { joinTokens } from "./tokens";

export type WireOptions = { origin: string; path: string; transports: ("websocket" | "polling")[] };

/** What the page says to the wire. `socket` is the number of a socket, `turn` that of its attempt to connect. */
export type ToWire =
  | { kind: "open"; socket: number; options: WireOptions }
  | { kind: "connect"; socket: number; turn: number; auth: ConnectAuth }
  /** `ack`: a number under which to tell that the server acknowledged it. */
  | { kind: "emit"; socket: number; name: string; args: unknown[]; ack?: number }
  | { kind: "reply"; socket: number; reply: number; answer: unknown }
  | { kind: "disconnect"; socket: number; turn: number }
  | { kind: "close"; socket: number };

/** An event; `reply` is there when the server waits for an answer. */
export type WireEvent = ChatEvent & { reply?: number };

/** What the wire says to the page. */
export type FromWire = { socket: number; turn: number } & (
  /** `recovered`: the server goes on where the last connection was. */
  | { kind: "connect"; recovered: boolean }
  /** `final`: the server does not want this page. */
  | { kind: "failed"; reason: string; final: boolean }
  | { kind: "disconnect"; reason: string }
  | { kind: "acknowledged"; ack: number }
  | { kind: "events"; events: WireEvent[] }
);

type News =
  | { kind: "connect"; recovered: boolean }
  | { kind: "failed"; reason: string; final: boolean }
  | { kind: "disconnect"; reason: string }
  | { kind: "acknowledged"; ack: number };

/** Events that come within this time (in milliseconds) travel together. */
const gathering = 8;

/**
 * The sockets, apart from the page: in a worker each message costs the page nothing, whatever their number. What comes
 * in a burst is handed over together, with its tokens joined.
 */
export function serve(post: (message: FromWire) => void): (message: ToWire) => void {
  const lines = new Map<number, Line>();
  return (message) => {
    if (message.kind === "open") return void lines.set(message.socket, new Line(message.socket, message.options, post));
    const line = lines.get(message.socket);
    if (message.kind === "close") lines.delete(message.socket);
    line?.hear(message);
  };
}

class Line {
  readonly #socket: Socket;
  readonly #replies = new Map<number, (answer: unknown) => void>();
  #lastReply = 0;
  #transports: WireOptions["transports"];
  #turn = 0;
  #auth: ConnectAuth | null = null;
  #events: WireEvent[] = [];
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly number: number,
    { origin, path, transports }: WireOptions,
    private readonly post: (message: FromWire) => void,
  ) {
    this.#transports = transports;
    const socket = io(origin, {
      path,
      transports,
      // A proxy that lets no WebSocket through leaves the next one to be tried.
      tryAllTransports: true,
      auth: (give) => give(this.#auth ?? {}),
      autoConnect: false,
      forceNew: true,
      // The next attempt is planned by the page, which shows when it will be.
      reconnection: false,
      withCredentials: true,
    });
    socket.on("connect", () => this.#tell({ kind: "connect", recovered: socket.recovered }));
    // After a refusal the socket listens no more; after a failure of the transport it still does.
    socket.on("connect_error", (error) => this.#tell({ kind: "failed", reason: error.message, final: !socket.active }));
    socket.on("disconnect", (reason) => {
      this.#replies.clear();
      this.#tell({ kind: "disconnect", reason });
    });
    socket.onAny((name: string, ...args: unknown[]) => {
      const last = args[args.length - 1];
      if (typeof last !== "function") return this.#gather({ name, data: args[0] });
      this.#lastReply += 1;
      this.#replies.set(this.#lastReply, last as (answer: unknown) => void);
      this.#gather({ name, data: args.length === 1 ? undefined : args[0], reply: this.#lastReply });
    });
    this.#socket = socket;
  }

  hear(message: Exclude<ToWire, { kind: "open" }>): void {
    switch (message.kind) {
      case "connect":
        this.#turn = message.turn;
        this.#auth = message.auth;
        this.#socket.connect();
        return;
      case "emit":
        this.#emit(message);
        return;
      case "reply":
        this.#replies.get(message.reply)?.(message.answer);
        this.#replies.delete(message.reply);
        return;
      case "disconnect":
        this.#turn = message.turn;
        if (!this.#socket.connected) this.#tryAnotherWay();
        this.#socket.disconnect();
        return;
      case "close":
        this.#socket.disconnect();
        this.#socket.removeAllListeners();
        return;
    }
  }

  /** The page waited too long. A proxy may have swallowed what asks for a WebSocket: that is no failure to be seen. */
  #tryAnotherWay(): void {
    this.#transports = [...this.#transports].reverse();
    this.#socket.io.opts.transports = this.#transports;
  }

  #emit({ name, args, ack }: Extract<ToWire, { kind: "emit" }>): void {
    if (ack === undefined) this.#socket.emit(name, ...args);
    else this.#socket.emit(name, ...args, () => this.#tell({ kind: "acknowledged", ack }));
  }

  /** What happened to the connection or to what was sent, after everything that came before it. */
  #tell(message: News): void {
    this.#flush();
    this.post({ ...message, socket: this.number, turn: this.#turn });
  }

  #gather(event: WireEvent): void {
    this.#events.push(event);
    const wait = this.#last + gathering - performance.now();
    if (wait <= 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#events.length === 0) return;
    const events = joinTokens(this.#events);
    this.#events = [];
    this.#last = performance.now();
    this.post({ kind: "events", events, socket: this.number, turn: this.#turn });
  }
}
