import type { MessageType, StepDict } from "./generated";

export type StepType = MessageType | StepDict["type"];
