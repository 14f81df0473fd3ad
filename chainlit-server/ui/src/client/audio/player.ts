import { fromPcm16 } from "./pcm";

/** More seconds than this are not kept for playing. */
const mostSeconds = 600;
/** So many interrupted tracks are remembered. */
const mostTracks = 64;
/** A little room before the first piece, so that the next one is there in time. */
const lead = 0.08;

/** Plays pieces of sound one after the other. What belongs to an interrupted track is heard no more. */
export class Player {
  #context: AudioContext | null = null;
  #until = 0;
  readonly #playing = new Map<AudioBufferSourceNode, string>();
  #interrupted: string[] = [];

  constructor(
    private readonly rate: number,
    private readonly onSpeaking: (speaking: boolean) => void,
  ) {}

  /** To be called at a click: a page may make no sound before one. */
  wake(): void {
    void this.#open().resume();
  }

  add(data: unknown, track: string): void {
    const samples = fromPcm16(data);
    if (samples === null || samples.length === 0 || this.#interrupted.includes(track)) return;
    const context = this.#open();
    if (this.#until - context.currentTime > mostSeconds) return;
    const buffer = context.createBuffer(1, samples.length, this.rate);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => this.#ended(source);
    const start = Math.max(this.#until, context.currentTime + lead);
    source.start(start);
    this.#until = start + buffer.duration;
    this.#playing.set(source, track);
    this.onSpeaking(true);
  }

  interrupt(): void {
    this.#interrupted = [...new Set([...this.#interrupted, ...this.#playing.values()])].slice(-mostTracks);
    for (const source of [...this.#playing.keys()]) {
      source.onended = null;
      source.stop();
    }
    this.#playing.clear();
    this.#until = 0;
    this.onSpeaking(false);
  }

  #ended(source: AudioBufferSourceNode): void {
    this.#playing.delete(source);
    if (this.#playing.size === 0) this.onSpeaking(false);
  }

  #open(): AudioContext {
    this.#context ??= new AudioContext();
    return this.#context;
  }
}
