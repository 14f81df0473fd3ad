export type { ToastPayload } from "./generated";
