import type { FeedbackDict } from "./FeedbackDict";
import type { MessageDict, StepDict as PlainStepDict } from "./generated";
import type { StepType } from "./StepType";

/** What the server writes, of either kind. */
type Fields = Omit<MessageDict, "type"> & Omit<PlainStepDict, "type">;

/** A message or a step, as this page reads it. Only `id` is sure to be there: stubs and old rows lack the others. */
export type StepDict = Pick<Fields, "id"> &
  Partial<Omit<Fields, "id">> & { type?: StepType; feedback?: FeedbackDict | null };
