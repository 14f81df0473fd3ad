import type { ElementDict } from "./ElementDict";
import type { StepDict } from "./StepDict";

/** A stored conversation, as this page reads it; also what other servers know of one. */
export type ThreadDict = {
  id: string;
  createdAt?: string | null;
  updatedAt?: string | null;
  archivedAt?: string | null;
  hasEarlier?: boolean;
  name?: string | null;
  userId?: string | null;
  userIdentifier?: string | null;
  tags?: string[] | null;
  metadata?: Record<string, unknown>;
  steps?: StepDict[];
  elements?: ElementDict[] | null;
};

/** Steps of a conversation that come before those that are known, and their elements. */
export type StepPage = { steps?: StepDict[]; elements?: ElementDict[]; hasEarlier?: boolean };
