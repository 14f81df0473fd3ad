import type { ActionDict, ElementDict, StepDict } from "../protocol";
import { type ConversationState, TOP } from "./types";

export type Detail = "hidden" | "tool_call" | "full";

const runs = new Set(["on_chat_start", "on_message", "on_audio_end"]);
const nothing: readonly never[] = [];

export const isMessage = (step: StepDict): boolean => (step.type ?? "").endsWith("_message");
export const isUserMessage = (step: StepDict): boolean => step.type === "user_message";

/** Whether a step that is no message is shown. The runs of handlers never are: only what they hold. */
export function isShown(step: StepDict, detail: Detail): boolean {
  if (step.type === "run" && runs.has(step.name ?? "")) return false;
  return detail === "full" || (detail === "tool_call" && step.type === "tool");
}

const rowCache = new WeakMap<object, Map<Detail, readonly string[]>>();

/**
 * Ids of the messages and outermost steps in reading order. A message inside a tool step stands below that step: what
 * somebody says is never folded away.
 */
export function selectRows(state: ConversationState, detail: Detail): readonly string[] {
  const known = rowCache.get(state.children)?.get(detail);
  if (known !== undefined) return known;
  const rows: string[] = [];
  const pending: { id: string; inside: boolean }[] = [];
  const push = (parent: string, inside: boolean) => {
    const ids = state.children.get(parent) ?? nothing;
    for (let at = ids.length - 1; at >= 0; at -= 1) pending.push({ id: ids[at] ?? "", inside });
  };
  push(TOP, false);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const step = state.steps.get(next.id);
    if (step === undefined) continue;
    const message = isMessage(step);
    const shown = message || (!next.inside && isShown(step, detail));
    if (shown) rows.push(next.id);
    push(next.id, message ? false : shown || next.inside);
  }
  const cache = rowCache.get(state.children) ?? new Map<Detail, readonly string[]>();
  rowCache.set(state.children, cache.set(detail, rows));
  return rows;
}

const nestedCache = new WeakMap<object, Map<string, readonly string[]>>();

/** Ids of the steps that are shown inside a step. */
export function selectNested(state: ConversationState, parent: string, detail: Detail): readonly string[] {
  const key = `${detail} ${parent}`;
  const cache = nestedCache.get(state.children) ?? new Map<string, readonly string[]>();
  nestedCache.set(state.children, cache);
  let found = cache.get(key);
  if (found === undefined) {
    const ids: string[] = [];
    const pending = [...(state.children.get(parent) ?? nothing)].reverse();
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const step = state.steps.get(id);
      if (step === undefined || isMessage(step)) continue;
      if (isShown(step, detail)) ids.push(id);
      else pending.push(...[...(state.children.get(id) ?? nothing)].reverse());
    }
    found = ids.length === 0 ? nothing : ids;
    cache.set(key, found);
  }
  return found;
}

/** Values of a map by the message that they belong to, worked out once per map. */
function grouper<Value extends { forId?: string | null }>() {
  const cache = new WeakMap<object, Map<string, Value[]>>();
  return (map: ReadonlyMap<string, Value>, id: string): readonly Value[] => {
    if (map.size === 0) return nothing;
    let groups = cache.get(map);
    if (groups === undefined) {
      groups = new Map();
      for (const value of map.values()) {
        const key = value.forId ?? "";
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [value]);
        else group.push(value);
      }
      cache.set(map, groups);
    }
    return groups.get(id) ?? nothing;
  };
}

const elementsBy = grouper<ElementDict>();
const actionsBy = grouper<ActionDict>();

export const selectElements = (state: ConversationState, id: string) => elementsBy(state.elements, id);
export const selectActions = (state: ConversationState, id: string) => actionsBy(state.actions, id);

/** The newest list of tasks. */
export function selectTaskList(state: ConversationState): ElementDict | null {
  let newest: ElementDict | null = null;
  for (const element of state.elements.values()) if (element.type === "tasklist") newest = element;
  return newest;
}

const linkedCache = new WeakMap<object, readonly ElementDict[]>();

/** Elements of a message that its text refers to by name: those that are not shown below it. */
export function selectLinked(state: ConversationState, id: string): readonly ElementDict[] {
  const all = selectElements(state, id);
  let linked = linkedCache.get(all);
  if (linked === undefined) {
    const found = all.filter(({ display, name }) => (display === "side" || display === "page") && Boolean(name));
    linked = found.length === 0 ? nothing : found;
    linkedCache.set(all, linked);
  }
  return linked;
}

/** Texts of the reader's own messages, newest first, without neighbours that are alike. */
export function selectHistory(state: ConversationState): string[] {
  const texts: string[] = [];
  for (const step of state.steps.values()) {
    const text = step.output ?? "";
    if (isUserMessage(step) && text !== "" && texts[texts.length - 1] !== text) texts.push(text);
  }
  return texts.reverse();
}

/** Whether a row is the last one, and somebody's answer to something that the reader said. */
export function isLastAnswer(state: ConversationState, id: string, detail: Detail): boolean {
  const rows = selectRows(state, detail);
  const step = state.steps.get(id);
  if (state.ask !== null || rows[rows.length - 1] !== id || step === undefined || !isMessage(step) || isUserMessage(step)) return false;
  return rows.some((row) => {
    const said = state.steps.get(row);
    return said !== undefined && isUserMessage(said) && !state.queued.has(row);
  });
}

/**
 * The run that feedback for a message is about, as its thread knows it: that of which it is the last message, once
 * somebody has said something.
 */
export function selectScored(state: ConversationState, id: string): StepDict | null {
  if (state.threadId === null) return null;
  let run: StepDict | undefined;
  for (let at = state.steps.get(id); at !== undefined && run === undefined; at = state.steps.get(at.parentId ?? "")) {
    if (at.type === "run") run = at;
  }
  if (run === undefined) return null;
  const children = state.children.get(run.id) ?? nothing;
  for (let at = children.length - 1; at >= 0; at -= 1) {
    const step = state.steps.get(children[at] ?? "");
    if (step !== undefined && isMessage(step) && !isUserMessage(step)) return step.id === id ? run : null;
  }
  return null;
}
