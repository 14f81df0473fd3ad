/** How a payload from the wire is looked at before it is used. */

export const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === "object" && data !== null && !Array.isArray(data);

export const hasId = (data: unknown): data is { id: string } & Record<string, unknown> =>
  isRecord(data) && typeof data["id"] === "string" && data["id"] !== "";

export const textOr = <Other>(value: unknown, other: Other): string | Other => (typeof value === "string" ? value : other);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The first of each id: a second one could not be told from it. */
export function unique<Item extends { id: string }>(items: readonly Item[]): Item[] {
  return [...new Map([...items].reverse().map((item) => [item.id, item])).values()].reverse();
}
