export type { StreamToken } from "./generated";
