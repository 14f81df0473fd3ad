import type { Draft } from "./draft";
import type { KnownEvent } from "./types";

export type Handlers = { [Event in KnownEvent as Event["name"]]?: (draft: Draft, data: unknown) => void };

export const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === "object" && data !== null && !Array.isArray(data);

export const hasId = (data: unknown): data is { id: string } & Record<string, unknown> =>
  isRecord(data) && typeof data["id"] === "string" && data["id"] !== "";
