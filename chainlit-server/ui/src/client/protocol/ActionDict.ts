import type { ActionDict as Written } from "./generated";

/** A button, as this page reads it. */
export type ActionDict = Pick<Written, "id" | "name"> & Partial<Written>;
