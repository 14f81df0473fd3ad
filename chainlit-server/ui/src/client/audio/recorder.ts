import captureUrl from "./capture.worklet.ts?worker&url";

export type Piece = { data: ArrayBuffer; level: number };

/** An open microphone. It is heard from {@link begin} on. */
export class Recorder {
  #node: AudioWorkletNode | null = null;
  #ended: (() => void) | null = null;

  private constructor(
    private readonly context: AudioContext,
    private readonly stream: MediaStream,
    private readonly rate: number,
  ) {}

  /** Asks the reader for the microphone. Fails when they refuse or there is none. */
  static async open(rate: number): Promise<Recorder> {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    // A page that is not secure has none.
    if (devices === undefined) throw new DOMException("no microphone", "NotFoundError");
    const stream = await devices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(captureUrl);
      return new Recorder(context, stream, rate);
    } catch (failure) {
      for (const track of stream.getTracks()) track.stop();
      await context.close();
      throw failure;
    }
  }

  begin(hear: (piece: Piece) => void): void {
    const node = new AudioWorkletNode(this.context, "capture", {
      numberOfOutputs: 0,
      processorOptions: { rate: this.rate },
    });
    node.port.onmessage = ({ data }: MessageEvent<Piece | null>) => {
      if (data === null) this.#ended?.();
      else hear(data);
    };
    this.context.createMediaStreamSource(this.stream).connect(node);
    this.#node = node;
    void this.context.resume();
  }

  /** Gives the last piece and lets go of the microphone. */
  async end(): Promise<void> {
    if (this.#node !== null) {
      const node = this.#node;
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#ended = resolve;
          node.port.postMessage("end");
        }),
        // A context that was put to sleep answers nothing.
        new Promise((resolve) => setTimeout(resolve, 500)),
      ]);
    }
    for (const track of this.stream.getTracks()) track.stop();
    if (this.context.state !== "closed") await this.context.close();
  }
}
