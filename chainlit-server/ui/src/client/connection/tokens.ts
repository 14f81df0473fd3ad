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
