const schemes = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Control characters and blanks inside an address hide its scheme from a naive look, not from a browser. */
// eslint-disable-next-line no-control-regex
const invisible = /[\u0000-\u0020\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/g;

/** An address that a link may have, or null. Addresses inside the application need no scheme. */
export function safeLink(address: string): string | null {
  const clean = address.replace(invisible, "");
  if (clean === "") return null;
  const scheme = /^[^/?#]*?:/.exec(clean)?.[0].toLowerCase();
  if (scheme === undefined) return clean.includes("\\") ? null : address.trim();
  return schemes.has(scheme) ? clean : null;
}

export type ImageSource =
  | { kind: "here"; url: string }
  /** On another machine: nothing is fetched before the reader wants it. */
  | { kind: "remote"; url: string; host: string }
  | { kind: "none" };

/** Whether a host is in a list of hosts; `*.example.org` stands for all below it. */
export const isAllowed = (host: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => one === host || (one.startsWith("*.") && host.endsWith(one.slice(1))));

export function imageSource(address: string, page: string, allowed: readonly string[] = []): ImageSource {
  const clean = address.replace(invisible, "");
  if (/^data:image\/(png|jpeg|gif|webp|avif);base64,/i.test(clean)) return { kind: "here", url: clean };
  let url: URL;
  try {
    url = new URL(clean, page);
  } catch {
    return { kind: "none" };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return { kind: "none" };
  if (url.origin === new URL(page).origin || isAllowed(url.host, allowed)) return { kind: "here", url: url.href };
  return { kind: "remote", url: url.href, host: url.host };
}

const entity = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][\da-z]{1,31});/gi;

/** `&amp;` and its like as the characters that they stand for. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  const area = document.createElement("textarea");
  return text.replace(entity, (one) => {
    area.innerHTML = one;
    return area.value;
  });
}
