import type { StepDict } from "../protocol";

/** What the reader did and the server has to learn of. By `id` the server knows a second copy. */
export type Outgoing = { id: string } & (
  | { name: "client_message"; payload: { message: StepDict; fileReferences: { id: string }[] | null } }
  | { name: "edit_message"; payload: { message: StepDict; editId: string } }
);

export const outgoingMessage = (message: StepDict, files: readonly { id: string }[]): Outgoing => ({
  id: message.id,
  name: "client_message",
  payload: { message, fileReferences: files.length === 0 ? null : files.map(({ id }) => ({ id })) },
});

export const outgoingEdit = (message: StepDict, editId: string): Outgoing => ({
  id: editId,
  name: "edit_message",
  payload: { message, editId },
});

/**
 * Own messages and edits on their way. What was handed to a connection which broke before the server acknowledged it is
 * sent again on the next one, in the same order.
 *
 * Whatever the server does with it (answers it, refuses it with a notice, drops it at Stop), an acknowledgement settles
 * it: from then on the reader was told, and sends again what they want to.
 */
export class Outbox {
  #waiting: Outgoing[] = [];
  #unsettled: Outgoing[] = [];

  constructor(private readonly send: (outgoing: Outgoing) => void) {}

  post(outgoing: Outgoing, connected: boolean): void {
    if (connected) {
      this.#unsettled.push(outgoing);
      this.send(outgoing);
    } else this.#waiting.push(outgoing);
  }

  /** The server acknowledged it. */
  settle(id: string): void {
    this.#unsettled = this.#unsettled.filter((outgoing) => outgoing.id !== id);
  }

  /** What the server says may show what arrived, also where it acknowledges nothing. */
  hear(name: string, data: unknown): void {
    if (this.isSettled || typeof data !== "object" || data === null) return;
    this.#unsettled = this.#unsettled.filter((outgoing) => !proves(name, data, outgoing));
  }

  get isSettled(): boolean {
    return this.#unsettled.length === 0;
  }

  /** The connection broke. Gives what is waiting again. */
  lost(): readonly Outgoing[] {
    const back = this.#unsettled;
    this.#waiting = [...back, ...this.#waiting];
    this.#unsettled = [];
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
    this.#unsettled = [];
  }
}

/** A message arrived when the server shows it again, or the run that answers it; an edit, when its text is shown. */
function proves(name: string, data: { id?: unknown; parentId?: unknown; output?: unknown }, sent: Outgoing): boolean {
  const { id, output } = sent.payload.message;
  if (sent.name === "edit_message") return name === "update_message" && data.id === id && data.output === output;
  return data.id === id || data.parentId === id;
}
