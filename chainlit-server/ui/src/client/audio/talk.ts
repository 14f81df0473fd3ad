import { isRecord, textOr } from "../state/record";
import { createStore } from "../store";
import type { Player } from "./player";
import type { Piece, Recorder } from "./recorder";

/** Why the reader is not heard. */
export type TalkProblem = "denied" | "missing" | "failed" | "refused" | "lost";

export type TalkState = {
  phase: "off" | "connecting" | "on";
  /** How loud the reader is, 0 to 1. */
  level: number;
  /** The application is heard. */
  speaking: boolean;
  problem: TalkProblem | null;
};

type RecorderPart = Pick<Recorder, "begin" | "end">;
type PlayerPart = Pick<Player, "wake" | "add" | "interrupt">;

export type TalkOptions = {
  /** Samples in a second. */
  rate: number;
  emit: (name: string, ...args: unknown[]) => void;
  connected: () => boolean;
  openRecorder?: (rate: number) => Promise<RecorderPart>;
  openPlayer?: (rate: number, onSpeaking: (speaking: boolean) => void) => Promise<PlayerPart>;
};

/** A server that does not say whether it listens is given up after this time (in milliseconds). */
const patience = 20_000;

/**
 * Talking with the application. The microphone is opened only when the reader asks for it, and closed when they, the
 * application or the connection ends it.
 */
export class Talk {
  readonly state = createStore<TalkState>({ phase: "off", level: 0, speaking: false, problem: null });
  readonly #options: Required<TalkOptions>;
  #player: Promise<PlayerPart> | null = null;
  #recorder: RecorderPart | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts attempts, so that an old one can tell that it is over. */
  #turn = 0;
  #begun = 0;
  #isFirst = true;
  /** The server was told of a beginning, and of no end, before the connection broke. */
  #owesEnd = false;

  constructor(options: TalkOptions) {
    this.#options = {
      openRecorder: async (rate) => (await import("./recorder")).Recorder.open(rate),
      openPlayer: async (rate, onSpeaking) => new (await import("./player")).Player(rate, onSpeaking),
      ...options,
    };
  }

  toggle(): void {
    if (this.state.get().phase === "off") void this.start();
    else this.stop();
  }

  async start(): Promise<void> {
    if (this.state.get().phase !== "off" || !this.#options.connected()) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.#change({ phase: "connecting", problem: null, level: 0 });
    this.#withPlayer((player) => player.wake());
    try {
      const recorder = await this.#options.openRecorder(this.#options.rate);
      if (turn !== this.#turn) return void recorder.end();
      this.#recorder = recorder;
    } catch (failure) {
      if (turn === this.#turn) this.#end(problemOf(failure));
      return;
    }
    this.#timer = setTimeout(() => this.stop("refused"), patience);
    this.#options.emit("audio_start");
  }

  /** The reader has said all they wanted to. */
  stop(problem: TalkProblem | null = null): void {
    if (this.state.get().phase === "off") return;
    this.#interrupt();
    const wasHeard = this.#recorder !== null;
    void this.#end(problem).then(() => {
      if (wasHeard) this.#options.emit("audio_end");
    });
  }

  hear(name: string, data: unknown): void {
    if (name === "audio_connection") this.#answered(data === "on");
    else if (name === "audio_interrupt") this.#interrupt();
    else if (isRecord(data)) {
      this.#withPlayer((player) => player.add(data["data"], textOr(data["track"], "")));
    }
  }

  disconnected(): void {
    if (this.state.get().phase === "off") return;
    this.#owesEnd = this.#recorder !== null;
    void this.#end("lost");
  }

  connectedAgain(): void {
    if (this.#owesEnd) this.#options.emit("audio_end");
    this.#owesEnd = false;
  }

  /** Leaves without a word to the server: this chat is over. */
  leave(): void {
    this.#owesEnd = false;
    this.#interrupt();
    void this.#end(null);
  }

  #answered(on: boolean): void {
    const { phase } = this.state.get();
    if (on && phase === "connecting" && this.#recorder !== null) return this.#begin(this.#recorder);
    // Nobody but the reader turns the microphone on.
    if (on && phase === "off") this.#options.emit("audio_end");
    if (on) return;
    this.#interrupt();
    if (phase !== "off") void this.#end(phase === "connecting" ? "refused" : null);
  }

  #begin(recorder: Pick<Recorder, "begin">): void {
    this.#clearTimer();
    this.#change({ phase: "on" });
    this.#begun = Date.now();
    this.#isFirst = true;
    recorder.begin((piece) => this.#said(piece));
  }

  #said({ data, level }: Piece): void {
    if (!this.#options.connected()) return;
    const elapsedTime = Date.now() - this.#begun;
    this.#options.emit("audio_chunk", { isStart: this.#isFirst, mimeType: "pcm16", elapsedTime, data });
    this.#isFirst = false;
    if (this.state.get().phase === "on") this.#change({ level });
  }

  async #end(problem: TalkProblem | null): Promise<void> {
    this.#turn += 1;
    this.#clearTimer();
    const recorder = this.#recorder;
    this.#recorder = null;
    this.#change({ phase: "off", level: 0, problem });
    await recorder?.end().catch(() => undefined);
  }

  #withPlayer(use: (player: PlayerPart) => void): void {
    this.#player ??= this.#options.openPlayer(this.#options.rate, (speaking) => this.#change({ speaking }));
    // Without a player nothing is heard; what comes next tries again.
    this.#player.then(use).catch(() => (this.#player = null));
  }

  #interrupt(): void {
    if (this.#player !== null) this.#withPlayer((player) => player.interrupt());
  }

  #change(part: Partial<TalkState>): void {
    this.state.update((now) => ({ ...now, ...part }));
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function problemOf(failure: unknown): TalkProblem {
  const name = failure instanceof DOMException ? failure.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotFoundError" || name === "NotReadableError" ? "missing" : "failed";
}
