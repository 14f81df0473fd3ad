import { expect, it } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import { errorText, providerName } from "./words";

const t = createTranslate({ auth: { login: { errors: { oauthSignin: "No provider", default: "No" } } } });

it.each([
  ["oauthSignin", "No provider"],
  ["OauthSignin", "No provider"],
  ["nonsense", "No"],
  ["form.email", "No"],
  ["<b>", "No"],
])("%s is told as %s", (reason, text) => {
  expect(errorText(t, reason)).toBe(text);
});

it("calls providers by their names", () => {
  expect(["github", "okta", "constructor"].map(providerName)).toEqual(["GitHub", "Okta", "Constructor"]);
});
