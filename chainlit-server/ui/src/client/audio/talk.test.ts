import { expect, it, vi } from "vitest";
import { fromPcm16, toPcm16 } from "./pcm";
import type { Piece } from "./recorder";
import { Resampler } from "./resample";
import { Talk } from "./talk";

async function start({ connected = true, microphone = true } = {}) {
  const emit = vi.fn();
  let hear: (piece: Piece) => void = () => undefined;
  const recorder = { begin: vi.fn((heard: typeof hear) => (hear = heard)), end: vi.fn().mockResolvedValue(undefined) };
  const player = { wake: vi.fn(), add: vi.fn(), interrupt: vi.fn() };
  const talk = new Talk({
    rate: 24_000,
    emit,
    connected: () => connected,
    openRecorder: microphone
      ? () => Promise.resolve(recorder)
      : () => Promise.reject(new DOMException("no", "NotAllowedError")),
    openPlayer: () => Promise.resolve(player),
  });
  await talk.start();
  const names = () => emit.mock.calls.map(([name]) => name as string);
  return { talk, emit, names, recorder, player, say: (level: number) => hear({ data: new ArrayBuffer(4), level }) };
}

it("asks the server first, then sends what the reader says, then its end", async () => {
  const { talk, emit, names, recorder, say } = await start();
  expect(names()).toEqual(["audio_start"]);
  expect(recorder.begin).not.toHaveBeenCalled();
  talk.hear("audio_connection", "on");
  expect(talk.state.get().phase).toBe("on");
  say(0.5);
  say(0.7);
  expect(talk.state.get().level).toBe(0.7);
  expect(emit.mock.calls.slice(1).map(([, piece]) => piece as object)).toEqual([
    expect.objectContaining({ isStart: true, mimeType: "pcm16", data: expect.any(ArrayBuffer) as ArrayBuffer }),
    expect.objectContaining({ isStart: false }),
  ]);
  talk.stop();
  await vi.waitFor(() => expect(names().at(-1)).toBe("audio_end"));
  expect(recorder.end).toHaveBeenCalledOnce();
  expect(talk.state.get()).toMatchObject({ phase: "off", problem: null });
});

it("tells of a refused microphone, and nothing to the server", async () => {
  const { talk, names } = await start({ microphone: false });
  expect(talk.state.get()).toMatchObject({ phase: "off", problem: "denied" });
  expect(names()).toEqual([]);
});

it("ends when the application does not listen", async () => {
  const { talk, names, recorder } = await start();
  talk.hear("audio_connection", "off");
  expect(talk.state.get()).toMatchObject({ phase: "off", problem: "refused" });
  expect(recorder.end).toHaveBeenCalledOnce();
  expect(names()).toEqual(["audio_start"]);
});

it("is turned on by nobody but the reader", async () => {
  const { talk, names, recorder } = await start({ connected: false });
  talk.hear("audio_connection", "on");
  expect(recorder.begin).not.toHaveBeenCalled();
  expect(talk.state.get().phase).toBe("off");
  expect(names()).toEqual(["audio_end"]);
});

it("ends with the connection, which the server learns of on the next one", async () => {
  const { talk, names, recorder } = await start();
  talk.hear("audio_connection", "on");
  talk.disconnected();
  expect(talk.state.get()).toMatchObject({ phase: "off", problem: "lost" });
  expect(recorder.end).toHaveBeenCalledOnce();
  talk.connectedAgain();
  talk.connectedAgain();
  expect(names()).toEqual(["audio_start", "audio_end"]);
});

it("plays what the application says until it is interrupted", async () => {
  const { talk, player } = await start();
  talk.hear("audio_chunk", { track: "a", data: new ArrayBuffer(2) });
  talk.hear("audio_chunk", null);
  talk.hear("audio_interrupt", {});
  await vi.waitFor(() => expect(player.interrupt).toHaveBeenCalledOnce());
  expect(player.add).toHaveBeenCalledExactlyOnceWith(expect.any(ArrayBuffer), "a");
});

it("sound keeps its form on the wire, and what is none is none", () => {
  const there = fromPcm16(toPcm16(Float32Array.of(0, 0.5, -1, 2)));
  expect(there?.[1]).toBeCloseTo(0.5, 3);
  expect([there?.[0], there?.[2]]).toEqual([0, -1]);
  expect(there?.[3]).toBeCloseTo(1, 3);
  expect(fromPcm16("x")).toBeNull();
});

it.each([
  [48_000, 24_000],
  [44_100, 24_000],
  [16_000, 24_000],
  [24_000, 24_000],
])("sound of %i Hz becomes sound of %i Hz of the same length and pitch", (from, to) => {
  const resampler = new Resampler(from, to);
  const out: number[] = [];
  for (let at = 0; at < from; at += 128) {
    const piece = new Float32Array(Math.min(128, from - at)).map((_, i) => Math.sin((2 * Math.PI * 100 * (at + i)) / from));
    out.push(...resampler.push(piece));
  }
  expect(Math.abs(out.length - to)).toBeLessThan(4);
  const crossings = out.filter((sample, at) => at > 0 && sample >= 0 && (out[at - 1] ?? 0) < 0).length;
  expect(Math.abs(crossings - 100)).toBeLessThan(2);
});
