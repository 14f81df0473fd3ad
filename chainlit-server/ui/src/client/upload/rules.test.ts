import { describe, expect, it } from "vitest";
import { askRules, chooserTypes, messageRules, namedTypes, refusal, type UploadRules } from "./rules";

const file = (name: string, type = "", size = 10) => new File([new Uint8Array(size)], name, { type });
const rules = (accept: unknown, more: Partial<UploadRules> = {}) =>
  ({ ...(messageRules({ enabled: true, accept: accept as never }) as UploadRules), ...more });

describe("files are taken", () => {
  it.each([
    [["*/*"], "a.bin", "", null],
    [[], "a.bin", "", null],
    [["image/*"], "a.png", "image/png", null],
    [["image/*"], "a.txt", "text/plain", "type"],
    [["image/png"], "a.jpg", "image/jpeg", "type"],
    [["application/*xml"], "a.svg", "application/svg+xml", null],
    [["application/octet-stream"], "a.xyz", "", null],
    [{ "text/plain": [".py"] }, "A.PY", "text/x-python", null],
    [{ "text/plain": [".py"] }, "a.txt", "text/plain", "type"],
    [{ "text/*": [] }, "a.txt", "text/plain", null],
    ["nonsense", "a.txt", "", null],
  ])("%j: %s of %s: %s", (accept, name, type, expected) => {
    expect(refusal(file(name, type), rules(accept))).toBe(expected);
  });

  it("up to a size", () => {
    expect(refusal(file("a", "", 1024 * 1024), rules(null, { maxSizeMb: 1 }))).toBeNull();
    expect(refusal(file("a", "", 1024 * 1024 + 1), rules(null, { maxSizeMb: 1 }))).toBe("size");
  });
});

it("nothing is uploaded where it is not enabled", () => {
  expect(messageRules({ enabled: false })).toBeNull();
  expect(messageRules(null)).toBeNull();
});

it("a question takes one file unless it says otherwise", () => {
  expect(askRules({ type: "file", accept: ["text/plain"], max_size_mb: 2 })).toEqual({ accept: ["text/plain"], maxFiles: 1, maxSizeMb: 2 });
});

it("the chooser and the reader learn what is taken", () => {
  expect(chooserTypes(rules({ "text/plain": [".txt", ".py"] }))).toBe("text/plain,.txt,.py");
  expect(namedTypes(rules({ "text/plain": [".txt", ".py"], "image/*": [] }))).toBe(".txt, .py, image/*");
  expect(chooserTypes(rules(["*/*"]))).toBeUndefined();
  expect(namedTypes(rules(["*/*"]))).toBe("");
});
