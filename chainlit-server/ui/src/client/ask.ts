import { isRecord } from "./state/record";

/** A question for which there is more time than this (in seconds) has no end that the reader would need to know. */
const longest = 24 * 60 * 60;

/**
 * A question with the moment until which the application waits. One that is asked again, after a reload, began when its
 * message was made.
 */
export function withDeadline(data: unknown, now: number): unknown {
  if (!isRecord(data) || !isRecord(data["spec"]) || !isRecord(data["msg"])) return data;
  const { timeout } = data["spec"];
  if (typeof timeout !== "number" || !(timeout > 0) || timeout > longest) return data;
  const made = Date.parse(String(data["msg"]["createdAt"]));
  const begun = made <= now && made + timeout * 1000 > now ? made : now;
  return { ...data, until: begun + timeout * 1000 };
}
