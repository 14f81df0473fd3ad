/** Sound as signed 16-bit numbers, low byte first: what the wire carries. */
export function toPcm16(samples: Float32Array): ArrayBuffer {
  const bytes = new ArrayBuffer(samples.length * 2);
  const view = new DataView(bytes);
  samples.forEach((sample, at) => {
    const held = Math.max(-1, Math.min(1, sample));
    view.setInt16(at * 2, Math.round(held < 0 ? held * 0x8000 : held * 0x7fff), true);
  });
  return bytes;
}

/** The samples of what the wire brought; half a sample at the end is dropped. Null for anything that is no sound. */
export function fromPcm16(data: unknown): Float32Array<ArrayBuffer> | null {
  const bytes = ArrayBuffer.isView(data) ? data : data instanceof ArrayBuffer ? new Uint8Array(data) : null;
  if (bytes === null) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(Math.floor(bytes.byteLength / 2));
  for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(at * 2, true) / 0x8000;
  return samples;
}

/** How loud it gets, 0 to 1. */
export const peakOf = (samples: Float32Array): number => samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
