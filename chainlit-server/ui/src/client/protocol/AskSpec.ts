/** What the application waits for. `timeout` is in seconds, `step_id` the message that asks. */
export type AskSpec = {
  type: "text" | "file" | "action" | "element";
  timeout?: number;
  step_id?: string;
  accept?: string[] | Record<string, string[]>;
  max_files?: number;
  max_size_mb?: number;
  keys?: string[];
  element_id?: string;
};
