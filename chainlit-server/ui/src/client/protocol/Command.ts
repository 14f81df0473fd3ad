import type { Command as Written } from "./generated";

/** A command that the composer offers, as it was looked through. Chosen, its id goes with the message. */
export type Command = Omit<Required<Written>, "icon"> & { icon: string | null };
