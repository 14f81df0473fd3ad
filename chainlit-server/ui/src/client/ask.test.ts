import { expect, it } from "vitest";
import { withDeadline } from "./ask";

const now = Date.parse("2026-01-01T12:00:00Z");
const ask = (timeout: unknown, createdAt?: string) => ({ msg: { id: "q", createdAt }, spec: { type: "text", timeout } });
const until = (data: unknown) => (withDeadline(data, now) as { until?: number }).until;

it("a question ends its timeout after it came", () => {
  expect(until(ask(60))).toBe(now + 60_000);
});

it("one that is asked again ends its timeout after it was made", () => {
  expect(until(ask(60, "2026-01-01T11:59:30Z"))).toBe(now + 30_000);
  expect(until(ask(60, "2026-01-01T11:00:00Z"))).toBe(now + 60_000);
  expect(until(ask(60, "2027-01-01T11:00:00Z"))).toBe(now + 60_000);
});

it.each([ask(3_153_600_000), ask("x"), ask(-1), ask(NaN), null, { spec: null }])("%j has no end", (data) => {
  expect(until(data ?? {})).toBeUndefined();
});
