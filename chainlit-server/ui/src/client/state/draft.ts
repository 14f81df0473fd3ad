import type { StepDict } from "../protocol";
import { type ConversationState, type KnownEvent, TOP } from "./types";

/** What each event does to the state. */
export type Handlers = { [Event in KnownEvent as Event["name"]]?: (draft: Draft, data: unknown) => void };

/**
 * A state under change. Maps are copied at their first change only, so that a burst of a thousand events costs one
 * copy. The state that it was made from is never touched.
 */
export class Draft {
  #state: ConversationState;
  readonly #own = new Set<unknown>();

  constructor(state: ConversationState) {
    this.#state = state;
  }

  get now(): ConversationState {
    return this.#state;
  }

  assign(part: Partial<ConversationState>): void {
    this.#state = { ...this.#state, ...part };
  }

  map<Key extends "steps" | "children" | "orphans" | "elements" | "actions" | "edits" | "feedbacks">(
    key: Key,
  ): ConversationState[Key] extends ReadonlyMap<string, infer Value> ? Map<string, Value> : never {
    let map: unknown = this.#state[key];
    if (!this.#own.has(map)) {
      map = new Map(this.#state[key] as ReadonlyMap<string, unknown>);
      this.#own.add(map);
      this.assign({ [key]: map });
    }
    return map as never;
  }

  set(key: "streaming" | "queued" | "fresh"): Set<string> {
    let set: unknown = this.#state[key];
    if (!this.#own.has(set)) {
      set = new Set(this.#state[key]);
      this.#own.add(set);
      this.assign({ [key]: set });
    }
    return set as Set<string>;
  }

  setStep(step: StepDict): void {
    this.map("steps").set(step.id, step);
  }

  /** A list of `children` or `orphans` that may be changed in place. */
  list(key: "children" | "orphans", id: string): string[] {
    const map = this.map(key);
    let list = map.get(id);
    if (list === undefined || !this.#own.has(list)) {
      list = [...(list ?? [])];
      this.#own.add(list);
      map.set(id, list);
    }
    return list as string[];
  }

  removeFromList(key: "children" | "orphans", id: string, member: string): void {
    const known = this.#state[key].get(id);
    if (known === undefined || !known.includes(member)) return;
    const list = this.list(key, id);
    list.splice(list.indexOf(member), 1);
    if (list.length === 0 && id !== TOP) this.map(key).delete(id);
  }
}
