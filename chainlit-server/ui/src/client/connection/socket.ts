import type { ConnectAuth } from "../protocol";
import type { FromWire, ToWire, WireEvent, WireOptions } from "./wire";

/** A way to the wire: where what it says goes to is up to {@link deliver}. */
type Host = { post: (message: ToWire) => void };

export type SocketHandlers = {
  auth: () => ConnectAuth;
  onConnect: (recovered: boolean) => void;
  onFailed: (reason: string, final: boolean) => void;
  onDisconnect: (reason: string) => void;
  onEvent: (name: string, data: unknown, reply: ((answer: unknown) => void) | null) => void;
};

const sockets = new Map<number, ChatSocket>();
let lastSocket = 0;
let host: Host | null = null;

const deliver = (message: FromWire) => sockets.get(message.socket)?.hear(message);

/** The worker; in the page itself where there are no workers, or where this one did not load. */
function openHost(): Host {
  if (typeof Worker === "undefined") return hostInPage([]);
  let worker: Worker;
  try {
    worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  } catch {
    return hostInPage([]);
  }
  // Everything that it was told, until it shows that it lives.
  let told: ToWire[] | null = [];
  let inner: Host = {
    post: (message) => {
      told?.push(message);
      worker.postMessage(message);
    },
  };
  worker.onmessage = ({ data }: MessageEvent<FromWire>) => {
    told = null;
    deliver(data);
  };
  worker.onerror = () => {
    if (told === null) return;
    worker.terminate();
    inner = hostInPage(told);
    told = null;
  };
  return { post: (message) => inner.post(message) };
}

function hostInPage(waiting: ToWire[]): Host {
  let hear: ((message: ToWire) => void) | null = null;
  let loading = false;
  const load = async () => {
    loading = true;
    try {
      const { serve } = await import("./wire");
      hear = serve(deliver);
      for (const message of waiting) hear(message);
    } catch {
      // What is said next tries again.
      loading = false;
    }
  };
  if (waiting.length > 0) void load();
  return {
    post: (message) => {
      if (hear !== null) return hear(message);
      waiting.push(message);
      if (!loading) void load();
    },
  };
}

/** Fetches what a socket will need while the page waits for other things. */
export function prepareSockets(): void {
  host ??= openHost();
}

/** One Socket.IO socket, as the page sees it. */
export class ChatSocket {
  readonly #number = (lastSocket += 1);
  readonly #host = (host ??= openHost());
  /** What is told when the server acknowledges; of a connection that broke, nothing more is to come. */
  readonly #acks = new Map<number, () => void>();
  #lastAck = 0;
  #turn = 0;
  #connected = false;

  constructor(
    options: WireOptions,
    private readonly handlers: SocketHandlers,
  ) {
    sockets.set(this.#number, this);
    this.#host.post({ kind: "open", socket: this.#number, options });
  }

  get connected(): boolean {
    return this.#connected;
  }

  connect(): void {
    this.#turn += 1;
    this.#host.post({ kind: "connect", socket: this.#number, turn: this.#turn, auth: this.handlers.auth() });
  }

  /** Sends an event. `onAck` is called when the server acknowledged it, unless the connection breaks before. */
  emit(name: string, args: unknown[], onAck?: () => void): void {
    if (onAck === undefined) return this.#host.post({ kind: "emit", socket: this.#number, name, args });
    this.#lastAck += 1;
    this.#acks.set(this.#lastAck, onAck);
    this.#host.post({ kind: "emit", socket: this.#number, name, args, ack: this.#lastAck });
  }

  /** Leaves; {@link connect} may follow. What the wire said meanwhile comes too late. */
  disconnect(): void {
    this.#turn += 1;
    this.#host.post({ kind: "disconnect", socket: this.#number, turn: this.#turn });
    this.#left();
  }

  /** Leaves for good. */
  close(): void {
    sockets.delete(this.#number);
    this.#host.post({ kind: "close", socket: this.#number });
    this.#left();
  }

  hear(message: FromWire): void {
    if (message.turn !== this.#turn) return;
    switch (message.kind) {
      case "connect":
        this.#connected = true;
        return this.handlers.onConnect(message.recovered);
      case "failed":
        return this.handlers.onFailed(message.reason, message.final);
      case "disconnect":
        this.#connected = false;
        this.#acks.clear();
        return this.handlers.onDisconnect(message.reason);
      case "acknowledged":
        this.#acks.get(message.ack)?.();
        this.#acks.delete(message.ack);
        return;
      case "events":
        for (const event of message.events) {
          // The page may leave at one of them.
          if (message.turn === this.#turn) this.handlers.onEvent(event.name, event.data, this.#replyTo(event));
        }
    }
  }

  #left(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#acks.clear();
    this.handlers.onDisconnect("io client disconnect");
  }

  #replyTo({ reply }: WireEvent): ((answer: unknown) => void) | null {
    if (reply === undefined) return null;
    return (answer) => this.#host.post({ kind: "reply", socket: this.#number, reply, answer });
  }
}
