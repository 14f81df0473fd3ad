// Runs where sound is made, apart from the page. It cuts the microphone's sound into pieces of the wanted rate.

import { peakOf, toPcm16 } from "./pcm";
import { Resampler } from "./resample";

declare const sampleRate: number;
declare const registerProcessor: (name: string, processor: new (options: Options) => unknown) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

type Options = { processorOptions: { rate: number } };

/** Samples of a piece: a sixth of a second at 24 kHz. */
const pieceLength = 4096;

class Capture extends AudioWorkletProcessor {
  readonly #resampler: Resampler;
  readonly #piece = new Float32Array(pieceLength);
  #filled = 0;
  #done = false;

  constructor({ processorOptions }: Options) {
    super();
    this.#resampler = new Resampler(sampleRate, processorOptions.rate);
    this.port.onmessage = () => this.#end();
  }

  process([input]: Float32Array[][]): boolean {
    const channel = input?.[0];
    if (channel !== undefined && !this.#done) for (const sample of this.#resampler.push(channel)) this.#add(sample);
    return !this.#done;
  }

  #add(sample: number): void {
    this.#piece[this.#filled] = sample;
    this.#filled += 1;
    if (this.#filled === pieceLength) this.#hand();
  }

  #hand(): void {
    const piece = this.#piece.subarray(0, this.#filled);
    const data = toPcm16(piece);
    this.port.postMessage({ data, level: peakOf(piece) }, [data]);
    this.#filled = 0;
  }

  /** The last piece is shorter; after it comes nothing. */
  #end(): void {
    this.#done = true;
    if (this.#filled > 0) this.#hand();
    this.port.postMessage(null);
  }
}

registerProcessor("capture", Capture);
