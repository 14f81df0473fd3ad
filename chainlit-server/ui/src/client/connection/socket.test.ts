import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConnectAuth } from "../protocol";
import type { ChatSocket } from "./socket";
import type { FromWire, ToWire } from "./wire";

const served: ToWire[] = [];
vi.mock("./wire", () => ({ serve: () => (message: ToWire) => void served.push(message) }));

class FakeWorker {
  static last: FakeWorker;
  readonly told: ToWire[] = [];
  ended = false;
  onmessage: (event: { data: FromWire }) => void = () => undefined;
  onerror: () => void = () => undefined;
  constructor() {
    FakeWorker.last = this;
  }
  postMessage(message: ToWire) {
    this.told.push(message);
  }
  terminate() {
    this.ended = true;
  }
  says(message: object) {
    this.onmessage({ data: { socket: 1, turn: 1, ...message } as FromWire });
  }
}

const options = { origin: "http://x", path: "/ws/socket.io", transports: ["websocket" as const] };
const auth = { sessionId: "s" } as ConnectAuth;
const seen: unknown[] = [];

async function open(): Promise<ChatSocket> {
  // Each test has a worker of its own.
  vi.resetModules();
  const { ChatSocket } = await import("./socket");
  const socket = new ChatSocket(options, {
    auth: () => auth,
    onConnect: () => seen.push("connect"),
    onFailed: (reason, final) => seen.push(["failed", reason, final]),
    onDisconnect: (reason) => seen.push(["disconnect", reason]),
    onEvent: (name, data, reply) => seen.push(reply === null ? [name, data] : [name, data, reply]),
  });
  socket.connect();
  return socket;
}

beforeEach(() => {
  vi.stubGlobal("Worker", FakeWorker);
  seen.length = 0;
  served.length = 0;
});
afterEach(() => void vi.unstubAllGlobals());

it("tells the worker what to do, and the page what came of it", async () => {
  const socket = await open();
  FakeWorker.last.says({ kind: "connect" });
  expect(socket.connected).toBe(true);
  socket.emit("stop", []);
  FakeWorker.last.says({ kind: "events", events: [{ name: "toast", data: 1 }] });
  FakeWorker.last.says({ kind: "disconnect", reason: "transport close" });
  expect(socket.connected).toBe(false);
  expect(FakeWorker.last.told).toEqual([
    { kind: "open", socket: 1, options },
    { kind: "connect", socket: 1, turn: 1, auth },
    { kind: "emit", socket: 1, name: "stop", args: [] },
  ]);
  expect(seen).toEqual(["connect", ["toast", 1], ["disconnect", "transport close"]]);
});

it("carries an answer back", async () => {
  await open();
  FakeWorker.last.says({ kind: "events", events: [{ name: "ask", data: 1, reply: 7 }] });
  const [[, , reply]] = seen as [[string, number, (answer: unknown) => void]];
  reply({ output: "Ada" });
  expect(FakeWorker.last.told.at(-1)).toEqual({ kind: "reply", socket: 1, reply: 7, answer: { output: "Ada" } });
});

it("tells of an acknowledgement once, and of none that its connection took along", async () => {
  const socket = await open();
  FakeWorker.last.says({ kind: "connect" });
  const acknowledged = vi.fn();
  socket.emit("client_message", [1], () => acknowledged("one"));
  socket.emit("client_message", [2], () => acknowledged("two"));
  expect(FakeWorker.last.told.slice(-2)).toEqual([
    { kind: "emit", socket: 1, name: "client_message", args: [1], ack: 1 },
    { kind: "emit", socket: 1, name: "client_message", args: [2], ack: 2 },
  ]);
  FakeWorker.last.says({ kind: "acknowledged", ack: 1 });
  FakeWorker.last.says({ kind: "acknowledged", ack: 1 });
  FakeWorker.last.says({ kind: "disconnect", reason: "transport close" });
  FakeWorker.last.says({ kind: "acknowledged", ack: 2 });
  expect(acknowledged.mock.calls).toEqual([["one"]]);
});

it("hears nothing more of a connection that it left", async () => {
  const socket = await open();
  FakeWorker.last.says({ kind: "connect" });
  socket.disconnect();
  socket.connect();
  seen.length = 0;
  FakeWorker.last.says({ kind: "events", events: [{ name: "toast", data: 1 }] });
  FakeWorker.last.says({ kind: "disconnect", reason: "late" });
  expect(seen).toEqual([]);
  FakeWorker.last.says({ kind: "connect", turn: 3 });
  expect(seen).toEqual(["connect"]);
  socket.close();
  FakeWorker.last.says({ kind: "events", turn: 3, events: [{ name: "toast", data: 1 }] });
  expect(seen).toEqual(["connect", ["disconnect", "io client disconnect"]]);
});

it("does the work in the page when the worker does not load", async () => {
  const socket = await open();
  const worker = FakeWorker.last;
  worker.onerror();
  expect(worker.ended).toBe(true);
  socket.emit("stop", []);
  await vi.waitFor(() => expect(served.map(({ kind }) => kind)).toEqual(["open", "connect", "emit"]));
});

it("keeps a worker that lives, whatever error it meets", async () => {
  await open();
  FakeWorker.last.says({ kind: "connect" });
  FakeWorker.last.onerror();
  expect(FakeWorker.last.ended).toBe(false);
});

it("does the work in the page where there are no workers", async () => {
  vi.stubGlobal("Worker", undefined);
  await open();
  await vi.waitFor(() => expect(served.map(({ kind }) => kind)).toEqual(["open", "connect"]));
});
