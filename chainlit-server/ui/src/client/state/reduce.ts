import type { ActionDict, AskSpec, FeedbackDict, StepDict, StreamToken } from "../protocol";
import { Draft, type Handlers } from "./draft";
import { elementHandlers } from "./elements";
import { setForm, setValues } from "./form";
import { chooseCommand, chooseMode, markFavorite, releaseCommand, setCommands, setFavorites, setModes } from "./offers";
import { hasId, isRecord } from "./record";
import { threadHandlers, withFeedback } from "./threads";
import { markStreaming, removeAfter, removeTree, upsert } from "./tree";
import { type ChatEvent, type ConversationState, emptyConversation, type KnownEvent, type ToastKind } from "./types";

function withStep(change: (draft: Draft, step: StepDict) => void) {
  return (draft: Draft, data: unknown) => {
    if (hasId(data)) change(draft, data as StepDict);
  };
}

const toastKinds: readonly string[] = ["info", "success", "warning", "error"];

function addToast(draft: Draft, text: string, kind: string): void {
  const id = draft.now.lastToast + 1;
  const toast = { id, text, kind: (toastKinds.includes(kind) ? kind : "info") as ToastKind };
  draft.assign({ toasts: [...draft.now.toasts, toast].slice(-3), lastToast: id });
}

function endStreams(draft: Draft): void {
  for (const id of [...draft.now.streaming]) {
    const step = draft.now.steps.get(id);
    if (step !== undefined) draft.setStep({ ...step, streaming: false });
    markStreaming(draft, id, false);
  }
}

function streamToken(draft: Draft, data: unknown): void {
  if (!hasId(data) || typeof data["token"] !== "string") return;
  const { id, token, isSequence, isInput } = data as StreamToken;
  const step = draft.now.steps.get(id);
  // Without a start there is nothing to add to: a message that was removed does not come back by a late token.
  if (step === undefined) return;
  const field = isInput === true ? "input" : "output";
  draft.setStep({ ...step, [field]: isSequence === true ? token : (step[field] ?? "") + token });
}

/**
 * A step comes from the server. When it belongs to another thread than what came before, the server has lost the
 * session (it was started anew) and knows nothing of what is shown.
 */
function receive(draft: Draft, step: StepDict): void {
  const { liveThread, steps, queued, fresh } = draft.now;
  if (step.threadId && step.threadId !== liveThread) {
    if (liveThread !== null) {
      const isKnown = (id: string) => queued.has(id) || fresh.has(id) || id === step.id;
      draft.assign({ forgotten: new Set([...steps.keys()].filter((id) => !isKnown(id))) });
    }
    draft.assign({ liveThread: step.threadId });
  }
  if (draft.now.opening) draft.assign({ opening: false });
  upsert(draft, withFeedback(draft.now, step));
}

function openAsk(draft: Draft, data: unknown): void {
  if (!isRecord(data) || !hasId(data["msg"]) || !isRecord(data["spec"])) return;
  const msg = data["msg"] as StepDict;
  receive(draft, msg);
  draft.assign({
    ask: {
      stepId: msg.id,
      parentId: msg.parentId ?? null,
      spec: data["spec"] as AskSpec,
      until: typeof data["until"] === "number" ? data["until"] : null,
    },
    running: false,
  });
}

const handlers: Handlers = {
  new_message: withStep(receive),
  stream_start: withStep(receive),
  update_message: withStep((draft, step) => {
    if (!draft.now.steps.has(step.id)) return;
    upsert(draft, step);
    const edit = draft.now.edits.get(step.id);
    if (edit === undefined || edit.output !== step.output) return;
    // What the server sent before it knew of the edit is gone there, too.
    removeAfter(draft, step.id, new Set(edit.later));
    draft.map("edits").delete(step.id);
  }),
  delete_message: withStep((draft, step) => removeTree(draft, step.id)),
  stream_token: streamToken,
  task_start: (draft) => draft.assign({ running: true }),
  task_end: (draft) => {
    draft.assign({ running: false });
    endStreams(draft);
  },
  ask: openAsk,
  clear_ask: (draft) => draft.assign({ ask: null }),
  ask_timeout: (draft) => draft.assign({ ask: null, running: false }),
  first_interaction: (draft, data) => {
    if (isRecord(data) && typeof data["thread_id"] === "string") draft.assign({ threadId: data["thread_id"] });
  },
  toast: (draft, data) => {
    if (isRecord(data) && typeof data["message"] === "string") addToast(draft, data["message"], String(data["type"]));
  },
  ...elementHandlers,
  action: (draft, data) => {
    if (hasId(data)) draft.map("actions").set(data.id, data as unknown as ActionDict);
  },
  remove_action: (draft, data) => {
    if (hasId(data) && draft.now.actions.has(data.id)) draft.map("actions").delete(data.id);
  },
  ...threadHandlers,
  resume_thread_error: (draft, data) => addToast(draft, typeof data === "string" ? data : "", "error"),
  set_commands: setCommands,
  set_modes: setModes,
  set_favorites: setFavorites,
  chat_settings: setForm,
  token_usage: (draft, data) => {
    if (typeof data === "number" && Number.isFinite(data)) draft.assign({ tokens: draft.now.tokens + data });
  },

  user_sent: withStep((draft, step) => {
    upsert(draft, step);
    draft.set("fresh").add(step.id);
    if (step.command != null) releaseCommand(draft);
    for (const [id, { output, later }] of [...draft.now.edits]) {
      draft.map("edits").set(id, { output, later: [...later, step.id] });
    }
  }),
  user_edited: (draft, data) => {
    if (!hasId(data) || typeof data["output"] !== "string") return;
    const step = draft.now.steps.get(data.id);
    if (step === undefined) return;
    removeAfter(draft, data.id);
    draft.setStep({ ...step, output: data["output"] });
    draft.map("edits").set(data.id, { output: data["output"], later: [] });
  },
  user_stopped: (draft) => {
    draft.assign({ running: false });
    endStreams(draft);
  },
  stop_lost: (draft) => draft.assign({ running: true }),
  ask_answered: (draft) => draft.assign({ ask: null, running: true }),
  message_queued: withStep((draft, step) => draft.set("queued").add(step.id)),
  message_delivered: (draft, data) => {
    if (!hasId(data)) return;
    draft.set("queued").delete(data.id);
    if (data["isNew"] === true) draft.set("fresh").add(data.id);
  },
  connection_lost: (draft) => draft.assign({ fresh: emptyConversation.fresh }),
  toast_dismissed: (draft, data) => {
    if (isRecord(data)) draft.assign({ toasts: draft.now.toasts.filter((toast) => toast.id !== data["id"]) });
  },
  command_chosen: chooseCommand,
  mode_chosen: chooseMode,
  settings_confirmed: setValues,
  favorite_marked: markFavorite,
  feedback_given: (draft, data) => {
    if (!hasId(data)) return;
    const step = draft.now.steps.get(data.id);
    const feedback = isRecord(data["feedback"]) ? (data["feedback"] as FeedbackDict) : null;
    if (step === undefined) return;
    draft.setStep({ ...step, feedback });
    if (draft.now.feedbacks.has(step.id)) draft.map("feedbacks").delete(step.id);
  },
  reset: (draft) => draft.assign({ ...emptyConversation, favorites: draft.now.favorites, lastToast: draft.now.lastToast }),
};

/** The state after the events. Pure: the given state stays as it is, and no payload makes it throw. */
export function reduceAll(state: ConversationState, events: readonly ChatEvent[]): ConversationState {
  const draft = new Draft(state);
  for (const { name, data } of events) {
    if (Object.hasOwn(handlers, name)) handlers[name as keyof Handlers]?.(draft, data);
  }
  return draft.now;
}

export const reduce = (state: ConversationState, event: ChatEvent): ConversationState => reduceAll(state, [event]);

/** A typed event, for those who make one. */
export const event = (known: KnownEvent): ChatEvent => known;
