import { expect, it } from "vitest";
import { elementPath, readPlace } from "./place";

it("reads back the address that it writes, below any root", () => {
  const [path = "", search] = elementPath("a/b ?", "t&1").split("?");
  expect(readPlace(`/root${path}`, `?${search ?? ""}`, "/root")).toEqual({ id: "a/b ?", threadId: "t&1" });
  expect(readPlace(elementPath("x", null), "", "")).toEqual({ id: "x", threadId: null });
});

it.each(["/", "/element", "/element/", "/element/a/b", "/elements/a", "/element/%E0%A4%A"])("%s names no element", (path) => {
  expect(readPlace(path, "", "")).toBeNull();
});
