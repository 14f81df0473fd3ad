import { safeStorage } from "./connection/session";

const key = "chainlit-reader";

/** What a reader leaves in the browser that is nobody else's business. */
const ofTab = ["chainlit-draft", "chainlit-session-id", "chainlit-session-thread"];
const ofBrowser = ["chainlit-user-env"];

/** Somebody has logged in. What another reader left before them goes. */
export function settleReader(
  identifier: string,
  tab = safeStorage(() => window.sessionStorage),
  browser = safeStorage(() => window.localStorage),
): void {
  for (const [storage, names] of [
    [tab, ofTab],
    [browser, ofBrowser],
  ] as const) {
    const last = storage.getItem(key);
    if (last !== null && last !== identifier) names.forEach((name) => storage.removeItem(name));
    storage.setItem(key, identifier);
  }
}
