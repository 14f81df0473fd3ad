import type { AskSpec as Written } from "./generated";

type Of<T extends Written["type"]> = Partial<Omit<Extract<Written, { type: T }>, "type" | "timeout" | "step_id">>;

/** What the application waits for. `timeout` is in seconds, `step_id` the message that asks. */
export type AskSpec = { type: Written["type"] } & Partial<Pick<Written, "timeout" | "step_id">> &
  Of<"file"> &
  Of<"action"> &
  Of<"element">;
