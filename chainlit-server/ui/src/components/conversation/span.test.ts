import { describe, expect, it } from "vitest";
import { clamp, earlier, later, more, most, moveBy, newest, page, type Span } from "./span";

const all = 5000;
const size = ({ first, end }: Span) => (end ?? all) - first;

describe("the rows in the document", () => {
  it("are the newest ones at first", () => {
    expect(newest(all)).toEqual({ first: all - page, end: null });
    expect(newest(3)).toEqual({ first: 0, end: null });
  });

  it("reach the first one and come back to the newest, never too many and without a gap", () => {
    let span = newest(all);
    while (span.first > 0) {
      const next = earlier(span, all, 0);
      expect(next.first).toBe(Math.max(0, span.first - more));
      expect(next.end ?? all).toBeGreaterThan(span.first);
      expect(size(next)).toBeLessThanOrEqual(most);
      span = next;
    }
    while (span.end !== null) {
      const next = later(span, all, all);
      expect(next.end ?? all).toBe(Math.min(all, span.end + more));
      expect(next.first).toBeLessThan(span.end);
      expect(size(next)).toBeLessThanOrEqual(most);
      span = next;
    }
    expect(span.first).toBe(all - most);
  });

  it("stay when they hold something of the reader's", () => {
    let span = newest(all);
    for (let turn = 0; turn < 20; turn += 1) span = earlier(span, all, all - 10);
    expect(span.end).toBe(all - 10);
    span = { first: 100, end: 100 + most };
    for (let turn = 0; turn < 20; turn += 1) span = later(span, all, 130);
    expect(span.first).toBe(130);
  });

  it("go on to where the reader has jumped", () => {
    expect(later({ first: 0, end: most }, all, all, 3000)).toEqual({ first: 3000 - most, end: 3000 });
  });

  it("follow a conversation that becomes shorter or longer", () => {
    expect(clamp({ first: 500, end: 700 }, 600)).toEqual({ first: 500, end: null });
    expect(clamp({ first: 500, end: 700 }, 520)).toEqual({ first: 480, end: null });
    expect(clamp({ first: 500, end: 700 }, 900)).toEqual({ first: 500, end: 700 });
    expect(clamp({ first: 500, end: null }, 900)).toEqual({ first: 500, end: null });
  });

  it("stay the same when others come before all of them", () => {
    expect([moveBy({ first: 3, end: null }, 100), moveBy({ first: 0, end: 40 }, 7)]).toEqual([
      { first: 103, end: null },
      { first: 7, end: 47 },
    ]);
  });
});
