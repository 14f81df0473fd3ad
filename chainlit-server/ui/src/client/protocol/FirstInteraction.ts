export type { FirstInteraction } from "./generated";
