import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "./api";
import { Chat } from "./chat";
import { ChosenProfile } from "./profile";
import type { StepDict } from "./protocol";
import { selectRows } from "./state";
import { FakeSocket } from "./testing/fakeSocket";
import { UserEnv } from "./userEnv";

vi.mock("socket.io-client", async () => {
  const { FakeSocket: Fake } = await import("./testing/fakeSocket");
  return { io: (_: string, options: FakeSocket["options"]) => new Fake(options) };
});

async function start(fetchFavorites = false, userEnv = new UserEnv([])) {
  const api = { setSessionCookie: vi.fn().mockResolvedValue({}), runAction: vi.fn() } as unknown as Api;
  const onLoggedOut = vi.fn();
  const profile = new ChosenProfile();
  const chat = new Chat({ root: "", api, userName: "User", userEnv, profile, fetchFavorites, onLoggedOut, sampleRate: 24_000 });
  const before = FakeSocket.all.length;
  await chat.start();
  await vi.waitFor(() => expect(FakeSocket.all.length).toBeGreaterThan(before));
  return { chat, api, onLoggedOut, socket: FakeSocket.last };
}

const rows = (chat: Chat) => selectRows(chat.conversation.get(), "full").map((id) => chat.conversation.get().steps.get(id)?.output);

beforeEach(() => {
  FakeSocket.all = [];
  sessionStorage.clear();
  localStorage.clear();
});

describe("connecting", () => {
  it("sets the cookie first and gives all six keys", async () => {
    const { chat, api, socket } = await start();
    expect(api.setSessionCookie).toHaveBeenCalledWith(chat.sessionId);
    expect(socket.auth()).toEqual({ sessionId: chat.sessionId, clientType: "webapp", threadId: "", userEnv: "{}", chatProfile: "", pages: true });
  });

  it("asks for favorites only where there are any", async () => {
    const without = await start();
    without.socket.accept();
    expect(without.socket.names()).toEqual(["connection_successful"]);
    const having = await start(true);
    having.socket.accept();
    expect(having.socket.names()).toEqual(["connection_successful", "fetch_favorites"]);
  });

  it("carries the thread once it is known", async () => {
    const { chat, socket } = await start();
    socket.accept();
    socket.any("first_interaction", { interaction: "hi", thread_id: "t1" });
    await vi.waitFor(() => expect(chat.conversation.get().threadId).toBe("t1"));
    socket.lose("transport close");
    chat.connection.retryNow();
    expect(socket.auth().threadId).toBe("t1");
  });

  it("gives the reader's keys as they are by then, and tries again with others after a refusal", async () => {
    const env = new UserEnv([]);
    const { chat, socket } = await start(false, env);
    socket.active = false;
    socket.handlers.get("connect_error")?.(new Error("Missing user environment variable: KEY"));
    env.save([["KEY", "1"]]);
    await chat.start();
    expect(FakeSocket.last).toBe(socket);
    expect(chat.connection.state.get()).toEqual({ phase: "lost", retryAt: null });
    expect(socket.auth().userEnv).toBe('{"KEY":"1"}');
  });

  it("leads to the login when there is none any more, and says no goodbye", async () => {
    const { socket, onLoggedOut } = await start();
    socket.accept();
    socket.any("logged_out");
    socket.any("reload");
    expect(onLoggedOut).toHaveBeenCalledTimes(1);
    expect(socket.names()).not.toContain("clear_session");
    const refused = await start();
    refused.socket.active = false;
    refused.socket.handlers.get("connect_error")?.(new Error("authentication failed"));
    await vi.waitFor(() => expect(refused.onLoggedOut).toHaveBeenCalledTimes(1));
  });

  it("begins a new chat where the tab's belongs to somebody else", async () => {
    const { chat, socket, onLoggedOut } = await start();
    const before = chat.sessionId;
    socket.active = false;
    socket.handlers.get("connect_error")?.(new Error("authorization failed"));
    await vi.waitFor(() => expect(FakeSocket.last).not.toBe(socket));
    expect(chat.sessionId).not.toBe(before);
    expect(onLoggedOut).not.toHaveBeenCalled();
  });

  it("says why it was refused, and that it was opened elsewhere", async () => {
    const { chat, socket } = await start();
    socket.active = false;
    socket.handlers.get("connect_error")?.(new Error("no licence"));
    expect(chat.connection.state.get()).toEqual({ phase: "refused", reason: "no licence" });
    socket.accept();
    socket.lose("io server disconnect");
    expect(chat.connection.state.get()).toEqual({ phase: "elsewhere" });
    chat.connection.retryNow();
    expect(chat.connection.state.get()).toEqual({ phase: "lost", retryAt: null });
  });
});

describe("messages", () => {
  it("written while away are shown, marked, and sent after connection_successful", async () => {
    const { chat, socket } = await start();
    chat.send("one");
    chat.send("two");
    expect(rows(chat)).toEqual(["one", "two"]);
    expect(chat.conversation.get().queued.size).toBe(2);
    socket.accept();
    expect(socket.names()).toEqual(["connection_successful", "client_message", "client_message"]);
    expect(chat.conversation.get().queued.size).toBe(0);
  });

  it("swallowed by a breaking connection are sent again with their id", async () => {
    const { chat, socket } = await start();
    socket.accept();
    chat.send("one");
    socket.lose("transport close");
    expect(chat.conversation.get().queued.size).toBe(1);
    socket.accept();
    const ids = socket.payloads("client_message").map(({ message }) => message.id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(rows(chat)).toEqual(["one"]);
  });

  it("that the server acknowledged are not sent again, answered or not", async () => {
    const { chat, socket } = await start();
    socket.accept();
    chat.send("refused");
    socket.acknowledge();
    socket.lose("transport close");
    expect(chat.conversation.get().queued.size).toBe(0);
    socket.accept();
    expect(socket.payloads("client_message")).toHaveLength(1);
  });

  it("are the new server's when they went to it, though it shows them later", async () => {
    const { chat, socket } = await start();
    socket.accept();
    socket.any("new_message", { id: "old", type: "assistant_message", output: "old", threadId: "t1" });
    chat.send("known");
    socket.acknowledge();
    chat.send("lost");
    socket.lose("transport close");
    socket.accept();
    socket.any("new_message", { id: "new", type: "assistant_message", output: "new", threadId: "t2" });
    await vi.waitFor(() => expect(rows(chat)).toEqual(["old", "known", "lost", "new"]));
    const { forgotten, steps } = chat.conversation.get();
    expect([...forgotten].map((id) => steps.get(id)?.output)).toEqual(["old", "known"]);
  });
});

describe("edits", () => {
  const say = (socket: FakeSocket, id: string, output: string, more: object = {}) =>
    socket.any("new_message", { id, type: "assistant_message", output, ...more });

  async function conversation() {
    const started = await start();
    started.socket.accept();
    started.chat.send("one");
    started.socket.acknowledge();
    say(started.socket, "a", "answer");
    await vi.waitFor(() => expect(rows(started.chat)).toEqual(["one", "answer"]));
    const id = started.socket.payloads("client_message")[0]?.message.id ?? "";
    return { ...started, id };
  }

  it("carry an id of their own, by which a second copy is known", async () => {
    const { chat, socket, id } = await conversation();
    chat.edit(id, "two");
    expect(rows(chat)).toEqual(["two"]);
    socket.lose("transport close");
    expect([...chat.conversation.get().queued]).toEqual([id]);
    socket.accept();
    expect(chat.conversation.get().queued.size).toBe(0);
    const [first, second] = socket.payloads("edit_message");
    expect(first).toMatchObject({ message: { id, output: "two" }, editId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect(second).toEqual(first);
    socket.acknowledge();
    socket.lose("transport close");
    socket.accept();
    expect(socket.payloads("edit_message")).toHaveLength(2);
  });

  it("made while away wait for the connection", async () => {
    const { chat, socket, id } = await conversation();
    socket.lose("transport close");
    chat.edit(id, "two");
    chat.send("three");
    expect(socket.payloads("edit_message")).toEqual([]);
    socket.accept();
    expect(socket.names().slice(-3)).toEqual(["connection_successful", "edit_message", "client_message"]);
  });

  it("cut off what the server said before it knew of them, and not what was written since", async () => {
    const { chat, socket, id } = await conversation();
    chat.edit(id, "two");
    chat.send("three");
    // It did not come through: a server that can't go on shows all that it knows.
    say(socket, id, "one", { type: "user_message" });
    say(socket, "a", "answer");
    say(socket, "tool", "", { type: "tool", name: "search" });
    await vi.waitFor(() => expect(rows(chat)).toEqual(["one", "three", "answer", ""]));
    socket.any("update_message", { id, type: "user_message", output: "two" });
    say(socket, "b", "answer to two");
    await vi.waitFor(() => expect(rows(chat)).toEqual(["two", "three", "answer to two"]));
  });
});

it("a stop that a breaking connection may have swallowed leaves shown that something runs", async () => {
  const { chat, socket } = await start();
  socket.accept();
  socket.any("task_start", {});
  await vi.waitFor(() => expect(chat.conversation.get().running).toBe(true));
  chat.stop();
  expect(chat.conversation.get().running).toBe(false);
  socket.lose("transport close");
  expect(chat.conversation.get().running).toBe(true);
  socket.accept();
  expect(socket.names().filter((name) => name === "stop")).toHaveLength(1);
  chat.stop();
  socket.acknowledge();
  socket.lose("transport close");
  expect(chat.conversation.get().running).toBe(false);
});

describe("questions", () => {
  it("are answered by the ack, once", async () => {
    const { chat, socket } = await start();
    socket.accept();
    const reply = vi.fn();
    socket.any("ask", { msg: { id: "q", type: "assistant_message", output: "?", parentId: "p" }, spec: { type: "text" } }, reply);
    await vi.waitFor(() => expect(chat.conversation.get().ask).not.toBeNull());
    chat.send("answer");
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ output: "answer", type: "user_message", parentId: "p" }));
    expect(socket.names()).toEqual(["connection_successful"]);
    expect(chat.conversation.get()).toMatchObject({ ask: null, running: true });
  });

  it("that offer actions are answered by the action, others go to the server", async () => {
    const { chat, api, socket } = await start();
    socket.accept();
    const reply = vi.fn();
    const action = { id: "a", name: "yes", payload: { v: 1 } };
    socket.any("ask", { msg: { id: "q" }, spec: { type: "action", keys: ["a"] } }, reply);
    await vi.waitFor(() => expect(chat.conversation.get().ask).not.toBeNull());
    await chat.act(action);
    expect(reply).toHaveBeenCalledWith(action);
    await chat.act({ id: "b", name: "other" });
    expect(api.runAction).toHaveBeenCalledExactlyOnceWith(chat.sessionId, { id: "b", name: "other" });
  });
});

describe("a connection that goes on where it was", () => {
  it("changes nothing of what is shown: what runs goes on, and so does the stream", async () => {
    const { chat, socket } = await start();
    socket.accept();
    socket.any("task_start", {}, "tag1");
    socket.any("stream_start", { id: "a", type: "assistant_message", output: "one ", streaming: true }, "tag2");
    socket.any("stream_token", { id: "a", token: "two " }, "tag3");
    await vi.waitFor(() => expect(rows(chat)).toEqual(["one two "]));
    socket.lose("transport close");
    chat.connection.retryNow();
    expect(FakeSocket.last).toBe(socket);
    socket.accept();
    socket.any("stream_token", { id: "a", token: "three" }, "tag4");
    await vi.waitFor(() => expect(rows(chat)).toEqual(["one two three"]));
    expect(chat.conversation.get().running).toBe(true);
    expect(chat.conversation.get().streaming.has("a")).toBe(true);
  });

  it("asks again what is open, so that an answer that was lost can be given", async () => {
    const { chat, socket } = await start();
    socket.accept();
    const question = { msg: { id: "q", type: "assistant_message", output: "?" }, spec: { type: "text" } };
    socket.any("ask", question, vi.fn());
    await vi.waitFor(() => expect(chat.conversation.get().ask).not.toBeNull());
    chat.send("lost");
    socket.lose("transport close");
    socket.accept();
    const reply = vi.fn();
    socket.any("ask", question, reply);
    await vi.waitFor(() => expect(chat.conversation.get().ask).not.toBeNull());
    chat.send("again");
    expect(reply).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ output: "again" }));
  });
});

it("a new chat leaves the old one, forgets it and begins with another id", async () => {
  const { chat, socket } = await start();
  socket.accept();
  chat.send("one");
  const before = chat.sessionId;
  await chat.newChat();
  expect(socket.names().slice(-2)).toEqual(["clear_session", "(disconnect)"]);
  expect(chat.sessionId).not.toBe(before);
  expect(rows(chat)).toEqual([]);
  expect(FakeSocket.last).not.toBe(socket);
  FakeSocket.last.accept();
  expect(FakeSocket.last.names()).toEqual(["connection_successful"]);
});

describe("what goes with a message", () => {
  const png = new File(["x"], "a.png", { type: "image/png" });

  it("is the chosen command, all modes and the files, which are shown at once", async () => {
    const { chat, socket } = await start();
    socket.accept();
    socket.any("set_commands", [{ id: "Search" }]);
    socket.any("set_modes", [{ id: "model", options: [{ id: "a" }, { id: "b" }] }]);
    await vi.waitFor(() => expect(chat.conversation.get().modes).toHaveLength(1));
    chat.chooseCommand("Search");
    chat.chooseMode("model", "b");
    chat.send("", { files: [{ id: "f", file: png }] });
    const [payload] = socket.payloads("client_message");
    expect(payload).toMatchObject({ message: { output: "", command: "Search", modes: { model: "b" } }, fileReferences: [{ id: "f" }] });
    expect(chat.conversation.get().elements.get("f")).toMatchObject({ type: "image", chainlitKey: "f", forId: payload?.message.id });
    expect(chat.conversation.get().command).toBeNull();
    chat.send("plain");
    expect(socket.payloads("client_message")[1]).toMatchObject({ fileReferences: null });
    expect(socket.payloads("client_message")[1]?.message).not.toHaveProperty("command");
  });

  it("stays with it while it waits for the connection", async () => {
    const { chat, socket } = await start();
    chat.send("later", { files: [{ id: "f", file: png }], command: "Search" });
    socket.accept();
    expect(socket.payloads("client_message")).toMatchObject([{ message: { command: "Search" }, fileReferences: [{ id: "f" }] }]);
  });
});

it("an element answers with what was filled in, or that it was not", async () => {
  const { chat, socket } = await start();
  socket.accept();
  for (const [given, expected] of [
    [{ a: 1 }, { a: 1, submitted: true }],
    [null, { submitted: false }],
  ] as const) {
    const reply = vi.fn();
    socket.any("ask", { msg: { id: "q" }, spec: { type: "element", element_id: "e" } }, reply);
    await vi.waitFor(() => expect(chat.conversation.get().ask).not.toBeNull());
    chat.answerElement("other", given);
    chat.answerElement("q", given);
    chat.answerElement("q", given);
    expect(reply).toHaveBeenCalledExactlyOnceWith(expected);
  }
});

it("settings are changed on the server or not at all", async () => {
  const { chat, socket } = await start();
  expect(chat.changeSettings({ n: "y" })).toBe(false);
  socket.accept();
  socket.any("chat_settings", [{ type: "textinput", id: "n", initial: "x" }]);
  await vi.waitFor(() => expect(chat.conversation.get().settings).not.toBeNull());
  expect(chat.changeSettings({ n: "y" })).toBe(true);
  expect(socket.sent.at(-1)).toEqual(["chat_settings_change", { n: "y" }]);
  expect(chat.conversation.get().settings?.values).toEqual({ n: "y" });
});

it("settings that the server refuses are shown as they are on the server", async () => {
  const { chat, socket } = await start();
  socket.accept();
  const form = [{ type: "textinput", id: "n", initial: "x" }];
  socket.any("chat_settings", form);
  await vi.waitFor(() => expect(chat.conversation.get().settings).not.toBeNull());
  chat.changeSettings({ n: "wrong" });
  // Before what the server says of it.
  socket.acknowledge();
  socket.any("chat_settings", form);
  socket.any("toast", { message: "no", type: "error" });
  await vi.waitFor(() => expect(chat.conversation.get().toasts).toHaveLength(1));
  expect(chat.conversation.get().settings?.values).toEqual({ n: "x" });
  expect(socket.payloads("chat_settings_change")).toHaveLength(1);
});

it.each([true, false])("settings that a breaking connection swallowed are confirmed again (recovered: %s)", async (recovered) => {
  const { chat, socket } = await start();
  socket.accept();
  const form = [{ type: "textinput", id: "n", initial: "x" }];
  socket.any("chat_settings", form);
  await vi.waitFor(() => expect(chat.conversation.get().settings).not.toBeNull());
  chat.changeSettings({ n: "y" });
  socket.lose("transport close");
  socket.recovered = recovered;
  socket.accept();
  if (!recovered) {
    expect(socket.payloads("chat_settings_change")).toHaveLength(1);
    socket.any("chat_settings", form);
  }
  expect(socket.sent.filter(([name]) => name === "chat_settings_change")).toEqual(Array(2).fill(["chat_settings_change", { n: "y" }]));
  expect(chat.conversation.get().settings?.values).toEqual({ n: "y" });
  socket.acknowledge();
  socket.lose("transport close");
  socket.accept();
  expect(socket.payloads("chat_settings_change")).toHaveLength(2);
});

it("another answer is asked for by sending the last message again", async () => {
  const { chat, socket } = await start();
  socket.accept();
  chat.send("one");
  chat.send("two");
  socket.any("new_message", { id: "a", type: "assistant_message", output: "answer" });
  await vi.waitFor(() => expect(rows(chat)).toEqual(["one", "two", "answer"]));
  chat.regenerate();
  expect(rows(chat)).toEqual(["one", "two"]);
  expect(socket.payloads("edit_message")).toMatchObject([{ message: { output: "two" } }]);
});

it("feedback is for the run, and is known by what the server calls it", async () => {
  const { chat, api, socket } = await start();
  const [give, withdraw] = [vi.fn().mockResolvedValue("f1"), vi.fn().mockResolvedValue({})];
  Object.assign(api, { giveFeedback: give, withdrawFeedback: withdraw });
  socket.accept();
  socket.any("new_message", { id: "run", type: "run", name: "on_message", threadId: "t" });
  await vi.waitFor(() => expect(chat.conversation.get().steps.size).toBe(1));
  const run = () => chat.conversation.get().steps.get("run") as StepDict;
  await chat.giveFeedback(run(), 1, "good");
  expect(give).toHaveBeenCalledWith(chat.sessionId, { forId: "run", threadId: "t", value: 1, comment: "good" });
  expect(run().feedback).toMatchObject({ id: "f1", value: 1 });
  await chat.giveFeedback(run(), null, null);
  expect(withdraw).toHaveBeenCalledWith("f1");
  expect(run().feedback).toBeNull();
});

it("files for a question outlive a break, but not the question", async () => {
  const { chat, api, socket } = await start();
  Object.assign(api, { upload: vi.fn().mockResolvedValue({ id: "f" }) });
  const ask = (id: string, reply: () => void) =>
    socket.any("ask", { msg: { id, parentId: "p" }, spec: { type: "file", accept: ["*/*"] } }, reply);
  socket.accept();
  ask("q", vi.fn());
  await vi.waitFor(() => expect(chat.conversation.get().ask).not.toBeNull());
  chat.answers.add([new File(["x"], "a.txt")]);
  await vi.waitFor(() => expect(chat.answers.list.get()[0]?.phase).toBe("done"));
  expect(api.upload).toHaveBeenCalledWith(chat.sessionId, expect.any(File), "p", expect.anything());
  socket.lose("transport close");
  socket.accept();
  socket.any("clear_ask", {});
  const reply = vi.fn();
  ask("q", reply);
  // Before the question is there again, this changes nothing.
  chat.answerWithFiles();
  expect(chat.answers.list.get()).toHaveLength(1);
  await vi.waitFor(() => {
    chat.answerWithFiles();
    expect(reply).toHaveBeenCalledExactlyOnceWith([{ id: "f" }]);
  });
  chat.answers.add([new File(["x"], "b.txt")]);
  ask("other", vi.fn());
  await vi.waitFor(() => expect(chat.answers.list.get()).toEqual([]));
});
