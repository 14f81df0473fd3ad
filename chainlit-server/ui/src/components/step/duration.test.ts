import { expect, it } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import { secondsOf, shownDuration } from "./duration";

const t = createTranslate({});

it.each([
  [0.34, "0.3 s"],
  [9.96, "10 s"],
  [59.2, "59 s"],
  [59.9, "1 min 0 s"],
  [125, "2 min 5 s"],
])("%s seconds are %s", (seconds, text) => {
  expect(shownDuration(t, seconds)).toBe(text);
});

it("knows no time of a step that says none, or nonsense", () => {
  const start = "2026-11-21T02:00:00.500000Z";
  expect(secondsOf({ id: "a", start, end: "2026-11-21T02:00:02Z" })).toBe(1.5);
  for (const end of [null, undefined, "", "soon", "2025-01-01T00:00:00Z", "2099-01-01T00:00:00Z"]) {
    expect(secondsOf({ id: "a", start, end: end as string })).toBeNull();
  }
});
