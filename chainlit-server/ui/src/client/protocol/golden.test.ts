// The server's own examples of everything it sends: the page must read each of them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, it } from "vitest";
import { emptyConversation, reduce, reduceAll } from "../state";
import type { ChatEvent } from "../state";
import type { ServerEvents as Written } from "./generated";
import type { ServerEvents } from "./ServerEvents";

const folder = join(import.meta.dirname, "../../../../../tests/fixtures/protocol/server");

const examples: { file: string; event: ChatEvent }[] = readdirSync(folder).map((file) => {
  const [name, data] = JSON.parse(readFileSync(join(folder, file), "utf8")) as [string, unknown];
  return { file, event: { name, data } };
});

const textOf = (events: readonly ChatEvent[]) =>
  [...reduceAll(emptyConversation, events).steps.values()].map((step) => step.output);

describe("the server's examples", () => {
  it("are there", () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each(examples)("$file is read", ({ event }) => {
    expect(() => reduce(emptyConversation, event)).not.toThrow();
  });

  it("show a message, and no message once it was removed", () => {
    const named = (file: string): ChatEvent => {
      const found = examples.find((example) => example.file === file);
      if (!found) throw new Error(`${file} is missing`);
      return found.event;
    };
    const sent = named("new_message.json");
    const { id, output } = sent.data as { id: string; output: string };
    expect(textOf([sent])).toEqual([output]);
    expect(textOf([sent, { ...named("delete_message.json"), data: { id } }])).toEqual([]);
  });
});

it("every event that the server sends has a type here", () => {
  // Function calls of a host page belong to the widget.
  type Unread = Exclude<keyof Written, keyof ServerEvents | "clear_call_fn">;
  expectTypeOf<Unread>().toEqualTypeOf<never>();
});
