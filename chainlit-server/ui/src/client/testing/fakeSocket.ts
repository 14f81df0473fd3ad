import type { ConnectAuth, StepDict } from "../protocol";

type Handler = (...args: unknown[]) => void;

/** Stands for one socket of socket.io-client. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1) as FakeSocket;
  }
  connected = false;
  active = true;
  recovered = false;
  readonly sent: unknown[][] = [];
  readonly acks: (() => void)[] = [];
  readonly handlers = new Map<string, Handler>();
  any: Handler = () => undefined;

  constructor(readonly options: { auth: (give: (auth: ConnectAuth) => void) => void }) {
    FakeSocket.all.push(this);
  }
  auth(): ConnectAuth {
    let auth: ConnectAuth | null = null;
    this.options.auth((given) => (auth = given));
    return auth as unknown as ConnectAuth;
  }
  on(name: string, handler: Handler) {
    this.handlers.set(name, handler);
  }
  onAny(handler: Handler) {
    this.any = handler;
  }
  connect() {
    return this;
  }
  emit(...args: unknown[]) {
    this.acks.push(typeof args.at(-1) === "function" ? (args.pop() as () => void) : () => undefined);
    this.sent.push(args);
  }
  /** The server acknowledges what was sent last. */
  acknowledge() {
    this.acks.at(-1)?.();
  }
  payloads(wanted: string) {
    return this.sent.filter(([name]) => name === wanted).map(([, payload]) => payload as { message: StepDict; editId?: string });
  }
  disconnect() {
    this.sent.push(["(disconnect)"]);
    this.connected = false;
  }
  removeAllListeners() {
    this.handlers.clear();
    this.any = () => undefined;
  }
  accept() {
    this.connected = true;
    this.handlers.get("connect")?.();
  }
  lose(reason: string) {
    this.connected = false;
    this.handlers.get("disconnect")?.(reason);
  }
  names() {
    return this.sent.map(([name]) => name);
  }
}
