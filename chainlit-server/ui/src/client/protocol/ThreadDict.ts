import type { ElementDict } from "./ElementDict";
import type { StepDict } from "./StepDict";

export type ThreadDict = {
  id: string;
  createdAt?: string;
  name?: string | null;
  userId?: string | null;
  userIdentifier?: string | null;
  tags?: string[] | null;
  metadata?: Record<string, unknown>;
  steps?: StepDict[];
  elements?: ElementDict[] | null;
};
