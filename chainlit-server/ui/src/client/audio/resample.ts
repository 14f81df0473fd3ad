/**
 * Brings sound from one sample rate to another, piece by piece. Going down, the samples that fall together are
 * averaged; going up, the line between two samples is followed.
 */
export class Resampler {
  readonly #step: number;
  /** Where the next sample begins, counted in samples of the next piece. */
  #at = 0;
  /** The last samples of the pieces before, which the next sample may still need. */
  #left: Float32Array = new Float32Array(0);

  constructor(from: number, to: number) {
    this.#step = from / to;
  }

  push(piece: Float32Array): Float32Array {
    if (this.#step === 1) return piece;
    const all = new Float32Array(this.#left.length + piece.length);
    all.set(this.#left);
    all.set(piece, this.#left.length);
    const reach = Math.max(this.#step, 1);
    const made: number[] = [];
    let at = this.#at;
    while (at + reach < all.length) {
      made.push(this.#step > 1 ? mean(all, at, at + this.#step) : between(all, at));
      at += this.#step;
    }
    const used = Math.min(Math.floor(at), all.length);
    this.#left = all.slice(used);
    this.#at = at - used;
    return Float32Array.from(made);
  }
}

function mean(samples: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let at = Math.floor(from); at < to; at += 1) {
    const share = Math.min(at + 1, to) - Math.max(at, from);
    sum += (samples[at] ?? 0) * share;
  }
  return sum / (to - from);
}

function between(samples: Float32Array, at: number): number {
  const first = Math.floor(at);
  const here = samples[first] ?? 0;
  return here + ((samples[first + 1] ?? here) - here) * (at - first);
}
