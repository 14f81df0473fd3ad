import type { ChatProfile as Written } from "./generated";
import type { Starter } from "./Starter";

/** One of the assistants that the application offers, as this page reads it. */
export type ChatProfile = Pick<Written, "name"> &
  Partial<Omit<Written, "name" | "markdown_description" | "starters">> & {
    markdown_description?: string | null;
    starters?: Starter[] | null;
  };
