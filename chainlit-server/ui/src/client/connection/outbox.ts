import type { StepDict } from "../protocol";

export type Outgoing = { message: StepDict; fileReferences: { id: string }[] | null };

/**
 * Own messages on their way. A message that was handed to a connection which broke before the server spoke of it is sent
 * again on the next one; it keeps its id, by which the server knows a second copy.
 */
export class Outbox {
  #waiting: Outgoing[] = [];
  #unconfirmed: Outgoing[] = [];

  constructor(private readonly send: (outgoing: Outgoing) => void) {}

  post(outgoing: Outgoing, connected: boolean): void {
    if (connected) {
      this.#unconfirmed.push(outgoing);
      this.send(outgoing);
    } else this.#waiting.push(outgoing);
  }

  /** The server speaks of the message: it has arrived. Anything else it says proves nothing of what we sent. */
  confirm(id: string): void {
    this.#unconfirmed = this.#unconfirmed.filter(({ message }) => message.id !== id);
  }

  get isSettled(): boolean {
    return this.#unconfirmed.length === 0;
  }

  /** The connection broke. Gives the messages that are waiting again. */
  lost(): readonly Outgoing[] {
    const back = this.#unconfirmed;
    this.#waiting = [...back, ...this.#waiting];
    this.#unconfirmed = [];
    return back;
  }

  /** A connection is there: sends what waited and gives it. */
  flush(): readonly Outgoing[] {
    const sent = this.#waiting;
    this.#waiting = [];
    for (const outgoing of sent) this.post(outgoing, true);
    return sent;
  }

  clear(): void {
    this.#waiting = [];
    this.#unconfirmed = [];
  }
}
