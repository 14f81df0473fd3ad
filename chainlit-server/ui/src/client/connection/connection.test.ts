import { describe, expect, it, vi } from "vitest";
import type { ChatEvent } from "../state";
import { FrameQueue } from "./frames";
import { joinTokens } from "./tokens";
import { retryDelay } from "./state";

const token = (id: string, text: string): ChatEvent => ({ name: "stream_token", data: { id, token: text } });

describe("frames", () => {
  it("join neighbouring tokens and leave the rest in order", () => {
    const other = { name: "task_end", data: {} };
    expect(joinTokens([token("a", "1"), token("a", "2"), other, token("a", "3"), token("b", "4")])).toEqual([
      token("a", "12"),
      other,
      token("a", "3"),
      token("b", "4"),
    ]);
  });

  it("leave strange tokens to the reducer", () => {
    const strange = [{ name: "stream_token", data: null }, { name: "stream_token", data: { id: 1 } }];
    expect(joinTokens(strange)).toEqual(strange);
  });

  it("apply a burst once", () => {
    const apply = vi.fn();
    let run: () => void = () => undefined;
    const queue = new FrameQueue(apply, (later) => {
      run = later;
      return () => undefined;
    });
    queue.push(token("a", "1"));
    queue.push(token("a", "2"));
    expect(apply).not.toHaveBeenCalled();
    run();
    expect(apply).toHaveBeenCalledExactlyOnceWith([token("a", "12")]);
    queue.flush();
    expect(apply).toHaveBeenCalledTimes(1);
  });
});

describe("the wait before the next attempt", () => {
  it("doubles up to a limit and differs from page to page", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => retryDelay(attempt, () => 0.5))).toEqual([1000, 2000, 4000, 8000, 16000, 20000, 20000]);
    expect(retryDelay(0, () => 0)).toBe(800);
    expect(retryDelay(0, () => 1)).toBe(1200);
  });
});
