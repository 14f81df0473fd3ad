/** What the address says is looked at. `other` is for the addresses of whatever stands over the conversation. */
export type Place = { kind: "new" } | { kind: "thread"; id: string } | { kind: "share"; id: string } | { kind: "other" };

export const threadPath = (id: string) => `/thread/${encodeURIComponent(id)}`;
export const sharePath = (id: string) => `/share/${encodeURIComponent(id)}`;

/** The place that an address below `root` names. */
export function readPlace(path: string, root: string): Place {
  const rest = path.startsWith(root) ? path.slice(root.length) : path;
  if (rest === "" || rest === "/") return { kind: "new" };
  const [, kind, name] = /^\/(thread|share)\/([^/]+)\/?$/.exec(rest) ?? [];
  if (name === undefined) return { kind: "other" };
  try {
    return { kind: kind === "share" ? "share" : "thread", id: decodeURIComponent(name) };
  } catch {
    return { kind: "other" };
  }
}
