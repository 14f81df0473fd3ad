import type { AskSpec } from "./AskSpec";
import type { StepDict } from "./StepDict";

/** A question, as this page reads it. */
export type AskPayload = { msg: StepDict; spec: AskSpec };
