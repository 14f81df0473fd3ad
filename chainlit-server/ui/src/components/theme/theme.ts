import { safeStorage } from "../../client/connection/session";
import { createStore } from "../../client/store";

export type ThemeChoice = "light" | "dark" | "system";

declare global {
  // Only an interface can be added to.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    /** Injected by the server from `public/theme.json`. */
    theme?: { light?: Record<string, string>; dark?: Record<string, string> };
  }
}

const key = "chainlit-theme";
const hintKey = "chainlit-theme-default";
const storage = safeStorage(() => window.localStorage);
const isChoice = (value: unknown): value is ThemeChoice => value === "light" || value === "dark" || value === "system";

const choice = createStore<ThemeChoice>("system");
const shown = createStore<"light" | "dark">("light");
let applied: string[] = [];

function apply(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const now = choice.get() === "system" ? (dark ? "dark" : "light") : (choice.get() as "light" | "dark");
  const root = document.documentElement;
  root.classList.toggle("dark", now === "dark");
  root.classList.toggle("light", now === "light");
  for (const name of applied) root.style.removeProperty(name);
  const variables = window.theme?.[now] ?? {};
  applied = Object.keys(variables).filter((name) => name.startsWith("--"));
  for (const name of applied) root.style.setProperty(name, String(variables[name]));
  shown.set(now);
}

/** Light, dark, or what the system wants. The reader's choice is kept; before one is made the application's holds. */
export const theme = {
  choice,
  shown,
  start(): void {
    const stored = storage.getItem(key) ?? storage.getItem(hintKey);
    if (isChoice(stored)) choice.set(stored);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
    apply();
  },
  suggest(wanted: "light" | "dark"): void {
    storage.setItem(hintKey, wanted);
    if (isChoice(storage.getItem(key))) return;
    choice.set(wanted);
    apply();
  },
  choose(wanted: ThemeChoice): void {
    storage.setItem(key, wanted);
    choice.set(wanted);
    apply();
  },
};
