import type { Mode as Written } from "./generated";

export type { ModeOption } from "./generated";

/** A choice that goes with every message, for example the model that is to answer. */
export type Mode = Readonly<Written>;
