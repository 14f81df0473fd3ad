import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { english } from "./english";
import { readRootPath } from "../root";
import { browserLanguage, createTranslate, directionOf, shownLanguage } from "./translate";

it("takes the server's words, English where it has none, and the key as the last resort", () => {
  const t = createTranslate({ chat: { input: { actions: { send: "Senden" } } }, navigation: "odd" });
  expect(t("chat.input.actions.send")).toBe("Senden");
  expect(t("navigation.newChat.button")).toBe("New chat");
  expect(t("no.such.key")).toBe("no.such.key");
  expect(t("constructor.name")).toBe("constructor.name");
  expect(t("page.loadImage", { host: "a.example" })).toBe("Load image from a.example");
});

it("has the words that the server keeps for those who write a language", () => {
  const file = join(import.meta.dirname, "../../../../src/translations/en-US.json");
  const served = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  expect(served["page"]).toEqual(english.page);
  const t = createTranslate(served);
  const keys = (tree: object, path: string): string[] =>
    Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
      typeof value === "object" && value !== null ? keys(value, `${path}${key}.`) : [path + key],
    );
  const lacking = keys(english, "").filter((key) => createTranslate(served)(key) === key);
  expect([lacking, t("page.tasks.title")]).toEqual([[], "Tasks"]);
});

it("knows the language and direction of the page", () => {
  const german = { chat: { input: { actions: { send: "Senden" } } } };
  const english = { chat: { input: { actions: { send: "Send message" } } } };
  expect(shownLanguage("de-DE", german)).toBe("de-DE");
  expect(shownLanguage("de-DE", english)).toBe("en");
  expect(shownLanguage("en-GB", english)).toBe("en-GB");
  expect(shownLanguage("fi", undefined)).toBe("en");
  expect([directionOf("ar-SA"), directionOf("he"), directionOf("de-DE")]).toEqual(["rtl", "rtl", "ltr"]);
  expect([browserLanguage("pt-BR"), browserLanguage("x"), browserLanguage(undefined), browserLanguage("en_US")]).toEqual([
    "pt-BR", "en-US", "en-US", "en-US",
  ]);
});

it("reads the root path that the server wrote into the page", () => {
  const page = (content: string | null) => {
    const made = document.implementation.createHTMLDocument();
    if (content !== null) made.head.innerHTML = `<meta property="og:root_path" content="${content}">`;
    return readRootPath(made);
  };
  expect([page(null), page(""), page("/"), page("/x"), page("/x/y/"), page("x")]).toEqual(["", "", "", "/x", "/x/y", "/x"]);
});
