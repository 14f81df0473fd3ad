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

describe("a flood of text", () => {
  const make = (room: number) => {
    const shown: ChatEvent[][] = [];
    const pictures: (() => void)[] = [];
    const schedule = (run: () => void) => {
      pictures.push(run);
      return () => undefined;
    };
    const queue = new FrameQueue((events) => shown.push([...events]), schedule, () => room);
    return { shown, queue, picture: () => pictures.shift()?.(), left: () => pictures.length };
  };
  const end = { name: "task_end", data: {} };

  it("is shown over several pictures, in order, and ends", () => {
    const { shown, queue, picture, left } = make(4);
    for (const event of [token("a", "123"), token("a", "45678"), end, token("b", "9")]) queue.push(event);
    picture();
    queue.push(token("b", "0"));
    picture();
    picture();
    expect(shown).toEqual([[token("a", "1234")], [later("a", "5678"), end], [token("b", "90")]]);
    expect(left()).toBe(0);
  });

  it("is shown at once when something has to come after it", () => {
    const { shown, queue, picture } = make(2);
    queue.push(token("a", "12345"));
    picture();
    queue.push(end);
    queue.flush();
    expect(shown).toEqual([[token("a", "12")], [later("a", "345"), end]]);
  });

  it("is not cut within a character, and replaces a text once", () => {
    const { shown, queue, picture } = make(2);
    queue.push({ name: "stream_token", data: { id: "a", token: "1😀2", isSequence: true } });
    for (let n = 0; n < 3; n += 1) picture();
    const tokens = shown.flat().map(({ data }) => data as { token: string; isSequence?: boolean });
    expect(tokens.map((data) => data.token)).toEqual(["1", "😀", "2"]);
    expect(tokens.map((data) => data.isSequence)).toEqual([true, false, false]);
  });

  const later = (id: string, text: string): ChatEvent => ({ name: "stream_token", data: { id, token: text, isSequence: false } });
});

describe("the wait before the next attempt", () => {
  it("doubles up to a limit and differs from page to page", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => retryDelay(attempt, () => 0.5))).toEqual([1000, 2000, 4000, 8000, 16000, 20000, 20000]);
    expect(retryDelay(0, () => 0)).toBe(800);
    expect(retryDelay(0, () => 1)).toBe(1200);
  });
});
