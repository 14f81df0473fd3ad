import { expect, it } from "vitest";
import { Outbox, outgoingEdit, outgoingMessage } from "./outbox";

const message = (id: string, output = "") => outgoingMessage({ id, output }, []);
const edit = (id: string, of: string, output = "") => outgoingEdit({ id: of, output }, id);

function make() {
  const sent: string[] = [];
  const box = new Outbox(({ id }) => sent.push(id));
  const breakAndReturn = () => {
    box.lost();
    return box.flush().map(({ id }) => id);
  };
  return { sent, box, breakAndReturn };
}

it("keeps what is written while away and sends it in order", () => {
  const { sent, box } = make();
  box.post(message("a"), false);
  box.post(edit("e", "a"), false);
  box.post(message("b"), false);
  expect(sent).toEqual([]);
  expect(box.flush().map(({ id }) => id)).toEqual(["a", "e", "b"]);
  expect(sent).toEqual(["a", "e", "b"]);
  expect(box.flush()).toEqual([]);
});

it("sends again, in order, what a breaking connection may have swallowed", () => {
  const { box, breakAndReturn } = make();
  box.post(message("a"), true);
  box.post(edit("e", "a"), true);
  expect(box.lost().map(({ id }) => id)).toEqual(["a", "e"]);
  box.post(message("b"), false);
  expect(breakAndReturn()).toEqual(["a", "e", "b"]);
  expect(breakAndReturn()).toEqual(["a", "e", "b"]);
});

it("does not send again what the server acknowledged, whatever it did with it", () => {
  const { box, breakAndReturn } = make();
  box.post(message("a"), true);
  box.post(message("b"), true);
  box.post(edit("e", "a"), true);
  box.settle("a");
  box.settle("e");
  expect(breakAndReturn()).toEqual(["b"]);
  box.settle("b");
  expect(box.isSettled).toBe(true);
  expect(breakAndReturn()).toEqual([]);
});

it("does not send again what the server showed without acknowledging it", () => {
  const { box, breakAndReturn } = make();
  for (const id of ["a", "b", "c"]) box.post(message(id), true);
  box.hear("new_message", { id: "another" });
  box.hear("toast", null);
  expect(box.isSettled).toBe(false);
  box.hear("new_message", { id: "a" });
  box.hear("new_message", { id: "run", parentId: "b" });
  expect(breakAndReturn()).toEqual(["c"]);
});

it("takes nothing but the new text for a proof that an edit arrived", () => {
  const { box, breakAndReturn } = make();
  box.post(edit("e", "a", "new"), true);
  // The answer to the old text goes on, and the server shows what it knows.
  box.hear("new_message", { id: "run", parentId: "a" });
  box.hear("new_message", { id: "a", output: "old" });
  box.hear("update_message", { id: "a", output: "old" });
  expect(breakAndReturn()).toEqual(["e"]);
  box.hear("update_message", { id: "a", output: "new" });
  expect(breakAndReturn()).toEqual([]);
});
