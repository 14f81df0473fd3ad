import { expect, it } from "vitest";
import { groupThreads } from "./groups";

const now = new Date(2026, 2, 30, 1, 0);

it("groups by the reader's days, then by months", () => {
  const at = (id: string, ...time: [number, number, number, number]) => ({ id, createdAt: new Date(...time).toISOString() });
  const threads = [
    at("ahead", 2026, 2, 30, 9),
    at("tonight", 2026, 2, 30, 0),
    at("last night", 2026, 2, 29, 23),
    at("a week", 2026, 2, 23, 0),
    at("eight days", 2026, 2, 22, 23),
    at("thirty days", 2026, 1, 28, 0),
    at("february", 2026, 1, 27, 23),
    at("before", 2026, 1, 1, 0),
    at("a year", 2025, 1, 27, 0),
  ];
  const groups = groupThreads(threads, now).map(({ key, threads }) => [key, ...threads.map(({ id }) => id)]);
  expect(groups).toEqual([
    ["today", "ahead", "tonight"],
    ["yesterday", "last night"],
    ["previous7days", "a week"],
    ["previous30days", "eight days", "thirty days"],
    ["2026-2", "february", "before"],
    ["2025-2", "a year"],
  ]);
});

it("goes by what was said last, and takes what has no time for new", () => {
  const threads = [{ id: "a", createdAt: "2020-01-01T00:00:00Z", updatedAt: now.toISOString() }, { id: "b", createdAt: "odd" }];
  expect(groupThreads(threads, now).map(({ key }) => key)).toEqual(["today"]);
});
