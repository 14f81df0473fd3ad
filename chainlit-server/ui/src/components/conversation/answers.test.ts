import { expect, it } from "vitest";
import { type ChatEvent, emptyConversation, reduceAll } from "../../client/state";
import { finishedAnswers } from "./answers";

const on = (name: string, data: unknown): ChatEvent => ({ name, data });
const step = (id: string, type: string, output: string) => on("new_message", { id, type, name: `name of ${id}`, output });
const ids = (...events: ChatEvent[]) =>
  finishedAnswers(reduceAll(emptyConversation, events), "full").map(({ id }) => id);

it("are those since the reader's last message, in their order", () => {
  const events = [step("old", "assistant_message", "x"), step("mine", "user_message", "x")];
  expect(ids(...events)).toEqual([]);
  expect(ids(...events, step("a", "assistant_message", "x"), step("b", "system_message", "x"))).toEqual(["a", "b"]);
});

it("are neither what tools gave nor what is empty", () => {
  expect(ids(step("a", "assistant_message", "x"), step("t", "tool", "{}"), step("e", "assistant_message", ""))).toEqual(["a"]);
});

it("are finished", () => {
  const begun = on("stream_start", { id: "s", type: "assistant_message", name: "s", output: "", streaming: true });
  const growing = [begun, on("stream_token", { id: "s", token: "x", isSequence: false, isInput: false })];
  expect(ids(...growing)).toEqual([]);
  expect(ids(...growing, on("update_message", { id: "s", type: "assistant_message", output: "xy", streaming: false }))).toEqual(["s"]);
});

it("are bounded in number and length", () => {
  const many = Array.from({ length: 9 }, (_, at) => step(`m${at}`, "assistant_message", "x".repeat(9999)));
  const answers = finishedAnswers(reduceAll(emptyConversation, many), "full");
  expect(answers.map(({ id }) => id)).toEqual(["m4", "m5", "m6", "m7", "m8"]);
  expect(Math.max(...answers.map(({ text }) => text.length))).toBe(400);
});
