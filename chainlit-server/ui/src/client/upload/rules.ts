import type { Accept, AskSpec, UploadSpec } from "../protocol";

/** What may be uploaded. Null: without a limit. */
export type UploadRules = { accept: Accept | null; maxFiles: number | null; maxSizeMb: number | null };

/** Why a file is not even sent. */
export type Refusal = "type" | "size" | "count";

const positive = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;

function readAccept(value: unknown): Accept | null {
  if (typeof value !== "object" || value === null) return null;
  const texts = (list: unknown) =>
    Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
  if (Array.isArray(value)) return texts(value);
  return Object.fromEntries(Object.entries(value).map(([type, endings]) => [type, texts(endings)]));
}

/** The rules for files that go with a message; null where there are none to be sent. */
export function messageRules(spec: UploadSpec | null | undefined): UploadRules | null {
  if (spec?.enabled !== true) return null;
  return { accept: readAccept(spec.accept), maxFiles: positive(spec.max_files), maxSizeMb: positive(spec.max_size_mb) };
}

/** The rules for the files that the application asks for. */
export function askRules(spec: AskSpec): UploadRules {
  return {
    accept: readAccept(spec.accept),
    maxFiles: positive(spec.max_files) ?? 1,
    maxSizeMb: positive(spec.max_size_mb),
  };
}

const entries = (accept: Accept): (readonly [string, readonly string[]])[] =>
  Array.isArray(accept) ? accept.map((type: string) => [type, []] as const) : Object.entries(accept as object);

/** Whether a media type fits a pattern with stars, or a file name has an ending that is named in the pattern's place. */
function fits(pattern: string, type: string, name: string): boolean {
  if (pattern.startsWith(".")) return name.endsWith(pattern.toLowerCase());
  const parts = pattern.toLowerCase().split("*");
  if (parts.length === 1) return type === parts[0];
  const [first = "", last = ""] = [parts[0], parts[parts.length - 1]];
  if (!type.startsWith(first) || !type.endsWith(last) || type.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = type.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= type.length - last.length;
}

function isAccepted(file: File, accept: Accept): boolean {
  const all = entries(accept);
  if (all.length === 0) return true;
  const name = file.name.toLowerCase();
  const type = (file.type || "application/octet-stream").toLowerCase();
  // A browser may call a file otherwise than the application expects: an ending that is listed will do here.
  return all.some(
    ([pattern, endings]) =>
      endings.some((ending) => name.endsWith(ending.toLowerCase())) || (endings.length === 0 && fits(pattern, type, name)),
  );
}

/** Why a file is refused before it is sent. The server looks again, and has the last word. */
export function refusal(file: File, rules: UploadRules): Refusal | null {
  if (rules.accept !== null && !isAccepted(file, rules.accept)) return "type";
  if (rules.maxSizeMb !== null && file.size > rules.maxSizeMb * 1024 * 1024) return "size";
  return null;
}

/** What the browser's file chooser offers. */
export function chooserTypes({ accept }: UploadRules): string | undefined {
  if (accept === null) return undefined;
  const types = entries(accept).flatMap(([type, endings]) => [type, ...endings]);
  return types.length === 0 || types.includes("*/*") || types.includes("*") ? undefined : types.join(",");
}

/** The accepted types for people: endings where there are some. Empty: all. */
export function namedTypes(rules: UploadRules): string {
  if (chooserTypes(rules) === undefined || rules.accept === null) return "";
  return entries(rules.accept).flatMap(([type, endings]) => (endings.length > 0 ? endings : [type])).join(", ");
}
