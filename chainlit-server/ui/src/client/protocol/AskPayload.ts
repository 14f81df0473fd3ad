import type { AskSpec } from "./AskSpec";
import type { StepDict } from "./StepDict";

export type AskPayload = { msg: StepDict; spec: AskSpec };
