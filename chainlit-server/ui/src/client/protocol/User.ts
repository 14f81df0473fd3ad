import type { User as Written } from "./generated";

/** Who has logged in, as this page reads it. */
export type User = Pick<Written, "identifier"> & Partial<Written>;
