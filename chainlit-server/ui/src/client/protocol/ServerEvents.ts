import type { ActionDict } from "./ActionDict";
import type { AskPayload } from "./AskPayload";
import type { ElementDict } from "./ElementDict";
import type { FirstInteraction } from "./FirstInteraction";
import type { StepDict } from "./StepDict";
import type { StreamToken } from "./StreamToken";
import type { ThreadDict } from "./ThreadDict";
import type { ToastPayload } from "./ToastPayload";

/** Name and argument of each event that the server sends and this page understands. */
export type ServerEvents = {
  task_start: unknown;
  task_end: unknown;
  first_interaction: FirstInteraction;
  new_message: StepDict;
  update_message: StepDict;
  delete_message: { id: string };
  stream_start: StepDict;
  stream_token: StreamToken;
  ask: AskPayload;
  ask_timeout: unknown;
  clear_ask: unknown;
  element: ElementDict;
  remove_element: { id: string };
  action: ActionDict;
  remove_action: { id: string };
  resume_thread: ThreadDict;
  resume_thread_error: string;
  toast: ToastPayload;
  set_commands: unknown[];
  set_modes: unknown[];
  set_favorites: StepDict[];
  chat_settings: unknown[];
  set_sidebar_title: string;
  set_sidebar_elements: { elements: ElementDict[]; key: string | null };
  window_message: unknown;
  token_usage: number;
};
