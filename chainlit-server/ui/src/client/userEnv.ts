import { safeStorage } from "./connection/session";

type Memory = Pick<Storage, "getItem" | "setItem">;

const key = "chainlit-user-env";
const refusal = /^Missing user environment variable: (.+)$/;

/** The key that the server says it lacks, if that is why it refused the connection. */
export const missingKey = (reason: string): string | null => refusal.exec(reason)?.[1] ?? null;

/** The reader's own keys that an application wants. They are kept in this browser and go nowhere but to the server. */
export class UserEnv {
  readonly #values: Map<string, string>;

  constructor(
    private readonly wanted: readonly string[],
    private readonly memory: Memory = safeStorage(() => window.localStorage),
  ) {
    this.#values = read(memory);
  }

  /** What to ask for: all that the application wants, and the key that the server lacks besides. */
  names(lacking: string | null = null): readonly string[] {
    return lacking === null ? this.wanted : [...new Set([...this.wanted, lacking])];
  }

  get complete(): boolean {
    return this.wanted.every((name) => this.get(name) !== "");
  }

  get(name: string): string {
    return this.#values.get(name) ?? "";
  }

  save(values: Iterable<readonly [string, string]>): void {
    for (const [name, value] of values) this.#values.set(name, value);
    this.memory.setItem(key, this.text());
  }

  /** All that is known, as the server takes it: it keeps what the application asked for. */
  text(): string {
    return JSON.stringify(Object.fromEntries(this.#values));
  }
}

function read(memory: Memory): Map<string, string> {
  try {
    const stored: unknown = JSON.parse(memory.getItem(key) ?? "{}");
    const all = Object.entries(typeof stored === "object" && stored !== null ? stored : {});
    return new Map(all.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return new Map();
  }
}
