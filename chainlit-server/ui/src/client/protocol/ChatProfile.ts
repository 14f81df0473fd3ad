import type { Starter } from "./Starter";

/** One of the assistants that the application offers. */
export type ChatProfile = {
  name: string;
  markdown_description?: string | null;
  icon?: string | null;
  display_name?: string | null;
  default?: boolean;
  starters?: Starter[] | null;
};
