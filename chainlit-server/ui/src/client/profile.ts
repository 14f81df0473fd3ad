import { safeStorage } from "./connection/session";
import type { ChatProfile } from "./protocol";

const key = "chainlit-profile";

type Memory = Pick<Storage, "getItem" | "setItem">;

/** The profile that this tab has chosen. It is kept over a reload, as the session is that it belongs to. */
export class ChosenProfile {
  #name: string;

  constructor(private readonly memory: Memory = safeStorage(() => window.sessionStorage)) {
    this.#name = memory.getItem(key) ?? "";
  }

  get name(): string {
    return this.#name;
  }

  choose(name: string): void {
    this.#name = name;
    this.memory.setItem(key, name);
  }

  /** Falls back to the application's choice when what was chosen is not offered (any more). */
  settle(profiles: readonly ChatProfile[]): void {
    if (profiles.some(({ name }) => name === this.#name)) return;
    const fallback = profiles.find((profile) => profile.default === true) ?? profiles[0];
    if (fallback !== undefined || this.#name !== "") this.choose(fallback?.name ?? "");
  }
}
