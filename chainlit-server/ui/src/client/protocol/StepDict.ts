import type { FeedbackDict } from "./FeedbackDict";
import type { StepType } from "./StepType";

/** A message or a step, as the server sends it. Only `id` is sure to be there: stubs and old rows lack the others. */
export type StepDict = {
  id: string;
  threadId?: string | null;
  parentId?: string | null;
  name?: string;
  type?: StepType;
  createdAt?: string | null;
  start?: string | null;
  end?: string | null;
  input?: string;
  output?: string;
  language?: string | null;
  streaming?: boolean;
  isError?: boolean;
  waitForAnswer?: boolean;
  metadata?: Record<string, unknown>;
  tags?: string[] | null;
  command?: string | null;
  modes?: Record<string, string> | null;
  defaultOpen?: boolean;
  autoCollapse?: boolean;
  showInput?: boolean | string | null;
  generation?: unknown;
  feedback?: FeedbackDict | null;
};
