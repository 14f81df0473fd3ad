import { expect, it } from "vitest";
import { readPlace, sharePath, threadPath } from "./place";

it("reads back the addresses that it writes, below any root", () => {
  expect(readPlace(`/root${threadPath("a/b ?")}`, "/root")).toEqual({ kind: "thread", id: "a/b ?" });
  expect(readPlace(sharePath("x"), "")).toEqual({ kind: "share", id: "x" });
  expect([readPlace("/", ""), readPlace("/root", "/root"), readPlace("/root/", "/root")]).toEqual(
    Array.from({ length: 3 }, () => ({ kind: "new" })),
  );
});

it.each(["/thread", "/thread/", "/thread/a/b", "/threads/a", "/element/a", "/thread/%E0%A4%A"])("%s names no conversation", (path) => {
  expect(readPlace(path, "")).toEqual({ kind: "other" });
});
