import type { StepDict } from "../protocol";
import type { Draft } from "./draft";
import { type ConversationState, TOP } from "./types";

/** Where a step hangs: below its parent if that is known and is not below the step itself, else at the top. */
function placeOf(state: ConversationState, step: StepDict): string {
  const parent = step.parentId;
  if (parent === null || parent === undefined || parent === "" || !state.steps.has(parent)) return TOP;
  const seen = new Set<string>();
  for (let at: string | null | undefined = parent; at; at = state.steps.get(at)?.parentId) {
    if (at === step.id) return TOP;
    if (seen.has(at)) break;
    seen.add(at);
  }
  return parent;
}

function attach(draft: Draft, step: StepDict): void {
  const place = placeOf(draft.now, step);
  draft.list("children", place).push(step.id);
  if (place === TOP && step.parentId && step.parentId !== step.id && !draft.now.steps.has(step.parentId)) {
    draft.list("orphans", step.parentId).push(step.id);
  }
}

function detach(draft: Draft, step: StepDict): void {
  for (const place of new Set([step.parentId ?? TOP, TOP])) draft.removeFromList("children", place, step.id);
  if (step.parentId) draft.removeFromList("orphans", step.parentId, step.id);
}

/** Steps that named this one before it came move below it. */
function adopt(draft: Draft, id: string): void {
  const waiting = draft.now.orphans.get(id);
  if (waiting === undefined) return;
  for (const orphan of [...waiting]) {
    const step = draft.now.steps.get(orphan);
    if (step === undefined || placeOf(draft.now, step) === TOP) continue;
    draft.removeFromList("children", TOP, orphan);
    draft.list("children", id).push(orphan);
  }
  draft.map("orphans").delete(id);
}

/** Adds a step, or lays its fields over the ones that are known. */
export function upsert(draft: Draft, step: StepDict): void {
  const before = draft.now.steps.get(step.id);
  const after = before === undefined ? step : { ...before, ...step };
  if (before !== undefined && (before.parentId ?? null) !== (after.parentId ?? null)) {
    detach(draft, before);
    draft.setStep(after);
    attach(draft, after);
  } else {
    draft.setStep(after);
    if (before === undefined) attach(draft, after);
    // Which rows there are depends on these two: let the tree be looked at again.
    else if (before.type !== after.type || before.name !== after.name) draft.map("children");
  }
  if (before === undefined) adopt(draft, step.id);
  markStreaming(draft, step.id, after.streaming === true);
}

export function markStreaming(draft: Draft, id: string, streams: boolean): void {
  if (draft.now.streaming.has(id) === streams) return;
  if (streams) draft.set("streaming").add(id);
  else draft.set("streaming").delete(id);
}

/** Removes a step and everything below it. */
export function removeTree(draft: Draft, id: string): void {
  const root = draft.now.steps.get(id);
  if (root === undefined) return;
  detach(draft, root);
  const pending = [id];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    pending.push(...(draft.now.children.get(next) ?? []));
    draft.map("steps").delete(next);
    if (draft.now.children.has(next)) draft.map("children").delete(next);
    markStreaming(draft, next, false);
    if (draft.now.queued.has(next)) draft.set("queued").delete(next);
    if (draft.now.edits.has(next)) draft.map("edits").delete(next);
  }
  const ask = draft.now.ask;
  if (ask !== null && !draft.now.steps.has(ask.stepId)) draft.assign({ ask: null });
}

const none: ReadonlySet<string> = new Set();

/**
 * Removes what came after a message: its own answers and every later neighbour of it and of what it hangs below, but
 * for those in `keep`.
 */
export function removeAfter(draft: Draft, id: string, keep = none): void {
  for (const child of [...(draft.now.children.get(id) ?? [])]) removeTree(draft, child);
  let at = draft.now.steps.get(id);
  while (at !== undefined) {
    const current: StepDict = at;
    const place = placeOf(draft.now, current);
    const list = draft.now.children.get(place) ?? [];
    for (const later of list.slice(list.indexOf(current.id) + 1)) if (!keep.has(later)) removeTree(draft, later);
    at = place === TOP ? undefined : draft.now.steps.get(place);
  }
}
