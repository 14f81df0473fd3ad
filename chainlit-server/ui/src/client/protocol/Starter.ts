import type { StarterCategory as WrittenCategory, Starter as Written } from "./generated";

/** A suggestion on the page of a new chat, as this page reads it. */
export type Starter = Pick<Written, "label" | "message"> & Partial<Written>;

export type StarterCategory = Pick<WrittenCategory, "label"> & { icon?: string | null; starters?: Starter[] | null };
