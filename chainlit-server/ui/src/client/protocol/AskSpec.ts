import type { AskSpec as Written } from "./generated";

/** What the application waits for. `timeout` is in seconds, `step_id` the message that asks. */
export type AskSpec = Pick<Written, "type"> &
  Partial<Written> & {
    accept?: string[] | Record<string, string[]>;
    max_files?: number;
    max_size_mb?: number;
    keys?: string[];
    element_id?: string;
  };
