import type { FeedbackDict, StepDict, ThreadDict } from "../protocol";
import type { Draft, Handlers } from "./draft";
import { putElement } from "./elements";
import { setValues } from "./form";
import { hasId, isRecord, listOf } from "./record";
import { upsert } from "./tree";
import { type ConversationState, emptyConversation } from "./types";

/** What the page knows beside the conversation, which stays when another one comes. */
const offersOf = ({ toasts, lastToast, running, commands, command, modes, chosenModes, settings, favorites, tokens }: ConversationState) =>
  ({ toasts, lastToast, running, commands, command, modes, chosenModes, settings, favorites, tokens });

function put(draft: Draft, steps: unknown, elements: unknown): void {
  for (const step of listOf(steps)) if (hasId(step)) upsert(draft, step as StepDict);
  for (const element of listOf(elements)) putElement(draft, element);
}

/** Messages of the reader that are not with the server yet: it will be told of them. */
const unsent = ({ queued, fresh, steps }: ConversationState): StepDict[] =>
  [...steps.values()].filter(({ id }) => queued.has(id) || fresh.has(id));

function resume(draft: Draft, data: unknown): void {
  if (!hasId(data)) return;
  const thread = data as ThreadDict;
  const before = draft.now;
  // Of another conversation nothing is left.
  const own = before.threadId === null || before.threadId === thread.id ? unsent(before) : [];
  const { queued, fresh } = own.length === 0 ? emptyConversation : before;
  draft.assign({
    ...emptyConversation,
    ...offersOf(before),
    queued,
    fresh,
    threadId: thread.id,
    liveThread: thread.id,
    hasEarlier: thread.hasEarlier === true,
  });
  if (isRecord(thread.metadata)) setValues(draft, thread.metadata["chat_settings"]);
  put(draft, thread.steps, thread.elements);
  for (const step of own) {
    // What the server has kept is with it.
    if (draft.now.steps.has(step.id)) draft.set("queued").delete(step.id);
    else upsert(draft, step);
  }
}

/** What stands before the first step that is known. The steps that are known count more. */
function prepend(draft: Draft, data: unknown): void {
  if (!isRecord(data) || data["threadId"] !== draft.now.threadId) return;
  const { steps, elements } = draft.now;
  const { children, orphans } = emptyConversation;
  draft.assign({ steps: emptyConversation.steps, elements: emptyConversation.elements, children, orphans });
  put(draft, data["steps"], data["elements"]);
  for (const step of steps.values()) upsert(draft, step);
  for (const [id, element] of elements) draft.map("elements").set(id, element);
  draft.assign({ hasEarlier: data["hasEarlier"] === true });
}

/** A session that goes on shows its steps without what was said of them. */
function knowFeedbacks(draft: Draft, data: unknown): void {
  if (!isRecord(data) || data["id"] !== draft.now.threadId) return;
  const feedbacks = new Map<string, FeedbackDict>();
  for (const step of listOf(data["steps"])) {
    if (hasId(step) && isRecord(step["feedback"])) feedbacks.set(step.id, step["feedback"] as FeedbackDict);
  }
  draft.assign({ feedbacks });
  for (const id of feedbacks.keys()) {
    const step = draft.now.steps.get(id);
    if (step !== undefined) draft.setStep(withFeedback(draft.now, step));
  }
}

/** The step with what the reader said of it, unless it brings that itself. */
export function withFeedback({ feedbacks }: ConversationState, step: StepDict): StepDict {
  const feedback = feedbacks.get(step.id);
  return feedback === undefined || step.feedback !== undefined ? step : { ...step, feedback };
}

export const threadHandlers: Handlers = {
  resume_thread: resume,
  thread_awaited: (draft, data) => {
    if (!hasId(data)) return;
    draft.assign({ ...emptyConversation, ...offersOf(draft.now), running: false, threadId: data.id, opening: true });
  },
  thread_viewed: (draft, data) => {
    if (!isRecord(data)) return;
    resume(draft, data["thread"]);
    draft.assign({ view: data["shared"] === true ? "shared" : "stored", running: false });
  },
  thread_missed: (draft) => draft.assign({ threadId: null, opening: false }),
  earlier_loaded: prepend,
  feedbacks_known: knowFeedbacks,
};
