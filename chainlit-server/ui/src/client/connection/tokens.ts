import type { StreamToken } from "../protocol";
import type { ChatEvent } from "../state/types";

/** Neighbouring tokens of one text become one token. The order of everything else stays. */
export function joinTokens<Event extends ChatEvent>(events: readonly Event[]): (Event | ChatEvent)[] {
  const joined: (Event | ChatEvent)[] = [];
  let texts: string[] = [];
  let open: StreamToken | null = null;
  const close = () => {
    if (open !== null) joined.push({ name: "stream_token", data: { ...open, token: texts.join("") } });
    open = null;
    texts = [];
  };
  for (const event of events) {
    const data = event.data as Partial<StreamToken> | null | undefined;
    if (event.name !== "stream_token" || typeof data?.id !== "string" || typeof data.token !== "string") {
      close();
      joined.push(event);
      continue;
    }
    const same: boolean =
      open !== null && (open as StreamToken).id === data.id && ((open as StreamToken).isInput ?? false) === (data.isInput ?? false);
    if (!same || data.isSequence === true) {
      // A sequence replaces all that came before it, so what was gathered for the same text may go.
      if (same) texts = [];
      close();
      open = data as StreamToken;
    }
    texts.push(data.token);
  }
  close();
  return joined;
}

/** The events at the beginning whose tokens have `limit` (at least 2) characters, and the rest. A token may be cut. */
export function splitTokens(events: readonly ChatEvent[], limit: number): [ChatEvent[], ChatEvent[]] {
  let room = limit;
  for (const [at, event] of events.entries()) {
    const token = textOf(event);
    if (token.length > room) {
      const cut = cutBefore(token, room);
      if (cut === 0) return [events.slice(0, at), events.slice(at)];
      const data = event.data as StreamToken;
      const head = { ...event, data: { ...data, token: token.slice(0, cut) } };
      const tail = { ...event, data: { ...data, token: token.slice(cut), isSequence: false } };
      return [[...events.slice(0, at), head], [tail, ...events.slice(at + 1)]];
    }
    room -= token.length;
  }
  return [[...events], []];
}

function textOf({ name, data }: ChatEvent): string {
  const token = name === "stream_token" ? (data as Partial<StreamToken> | null)?.token : undefined;
  return typeof token === "string" ? token : "";
}

/** Not between the two halves of a character. */
function cutBefore(text: string, at: number): number {
  return at > 0 && /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at;
}
