import { english } from "./english";

export type Translate = (key: string, values?: Record<string, string | number>) => string;

function find(tree: unknown, key: string): string | null {
  let at = tree;
  for (const part of key.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return null;
    at = (at as Record<string, unknown>)[part];
  }
  return typeof at === "string" ? at : null;
}

/** Texts of the server's translation, in English where it has none. A key without any text is shown as it is. */
export function createTranslate(translation: unknown): Translate {
  return (key, values = {}) => {
    const text = find(translation, key) ?? find(english, key) ?? key;
    return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

const rightToLeft = new Set(["ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"]);

export function directionOf(language: string): "ltr" | "rtl" {
  return rightToLeft.has(language.toLowerCase().split("-")[0] ?? "") ? "rtl" : "ltr";
}

const accepted = /^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,4})?(-[a-zA-Z0-9]{2,8})?(-x-[a-zA-Z0-9]{1,8})?$/;

/** The browser's language in the form that the server takes. */
export function browserLanguage(language: string | undefined): string {
  return language !== undefined && accepted.test(language) ? language : "en-US";
}

/** Which language the page is in: the wanted one, unless the server had only English for it. */
export function shownLanguage(wanted: string, translation: unknown): string {
  const probe = "chat.input.actions.send";
  const text = find(translation, probe);
  const translated = text !== null && text !== "Send message" && text !== find(english, probe);
  return translated ? wanted : wanted.toLowerCase().startsWith("en") ? wanted : "en";
}
