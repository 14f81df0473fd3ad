import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConnectAuth } from "../protocol";
import { type FromWire, serve } from "./wire";

type Handler = (...args: unknown[]) => void;
const handlers = new Map<string, Handler>();
let any: Handler;
const socket = {
  active: true,
  on: (name: string, handler: Handler) => handlers.set(name, handler),
  onAny: (handler: Handler) => (any = handler),
  connect: vi.fn(),
  disconnect: vi.fn(),
  emit: vi.fn(),
  removeAllListeners: vi.fn(),
  connected: false,
  io: { opts: { transports: ["websocket", "polling"] } },
};
let made = 0;
vi.mock("socket.io-client", () => ({ io: () => ((made += 1), socket) }));

const said: FromWire[] = [];
const token = (text: string) => any("stream_token", { id: "a", token: text });

function open() {
  socket.io.opts.transports = ["websocket", "polling"];
  const hear = serve((message) => said.push(message));
  hear({ kind: "open", socket: 1, options: { origin: "http://x", path: "/", transports: ["websocket", "polling"] } });
  hear({ kind: "connect", socket: 1, turn: 4, auth: {} as ConnectAuth });
  return hear;
}

beforeEach(() => {
  vi.useFakeTimers();
  said.length = 0;
});
afterEach(() => void vi.useRealTimers());

it("hands over the first event at once, and a burst together with its tokens joined", () => {
  open();
  vi.advanceTimersByTime(100);
  token("a");
  token("b");
  any("toast", { message: "x" });
  token("c");
  token("d");
  expect(said).toHaveLength(1);
  vi.advanceTimersByTime(10);
  expect(said.map((message) => message.kind === "events" && message.events.map(({ data }) => data))).toEqual([
    [{ id: "a", token: "a" }],
    [{ id: "a", token: "b" }, { message: "x" }, { id: "a", token: "cd" }],
  ]);
});

it("hands over what came before it tells that the connection broke", () => {
  open();
  vi.advanceTimersByTime(100);
  token("a");
  token("b");
  handlers.get("disconnect")?.("transport close");
  expect(said.map(({ kind, turn }) => [kind, turn])).toEqual([["events", 4], ["events", 4], ["disconnect", 4]]);
});

it("answers a question once", () => {
  const hear = open();
  vi.advanceTimersByTime(100);
  const reply = vi.fn();
  any("ask", { msg: {} }, reply);
  expect(said).toMatchObject([{ kind: "events", events: [{ name: "ask", data: { msg: {} }, reply: 1 }] }]);
  hear({ kind: "reply", socket: 1, reply: 1, answer: "Ada" });
  hear({ kind: "reply", socket: 1, reply: 1, answer: "Bob" });
  expect(reply.mock.calls).toEqual([["Ada"]]);
});

it("asks for an acknowledgement where one is wanted, and tells of it after what came before", () => {
  const hear = open();
  vi.advanceTimersByTime(100);
  hear({ kind: "emit", socket: 1, name: "stop", args: [] });
  expect(socket.emit).toHaveBeenLastCalledWith("stop");
  hear({ kind: "emit", socket: 1, name: "client_message", args: [{ a: 1 }], ack: 7 });
  expect(socket.emit).toHaveBeenLastCalledWith("client_message", { a: 1 }, expect.any(Function));
  token("a");
  token("b");
  (socket.emit.mock.lastCall?.[2] as () => void)();
  expect(said.slice(-2)).toMatchObject([{ kind: "events" }, { kind: "acknowledged", ack: 7, turn: 4 }]);
});

it("keeps its socket, which knows where it was, and hands on no offset", () => {
  const before = made;
  const hear = open();
  vi.advanceTimersByTime(100);
  any("toast", { message: "x" }, "tag1");
  handlers.get("disconnect")?.("transport close");
  hear({ kind: "connect", socket: 1, turn: 5, auth: {} as ConnectAuth });
  expect(made).toBe(before + 1);
  const events = said.flatMap((message) => (message.kind === "events" ? message.events : []));
  expect(events[0]).toEqual({ name: "toast", data: { message: "x" } });
});

it("tries the other transport first when the page waited too long", () => {
  const hear = open();
  hear({ kind: "disconnect", socket: 1, turn: 5 });
  expect(socket.io.opts.transports).toEqual(["polling", "websocket"]);
  socket.connected = true;
  hear({ kind: "disconnect", socket: 1, turn: 6 });
  expect(socket.io.opts.transports).toEqual(["polling", "websocket"]);
});

it("tells a refusal from a failure", () => {
  open();
  handlers.get("connect_error")?.(new Error("no network"));
  socket.active = false;
  handlers.get("connect_error")?.(new Error("no licence"));
  expect(said).toMatchObject([
    { kind: "failed", reason: "no network", final: false },
    { kind: "failed", reason: "no licence", final: true },
  ]);
});
