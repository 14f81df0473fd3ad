export type StepType =
  | "user_message"
  | "assistant_message"
  | "system_message"
  | "run"
  | "tool"
  | "llm"
  | "embedding"
  | "retrieval"
  | "rerank"
  | "undefined";
