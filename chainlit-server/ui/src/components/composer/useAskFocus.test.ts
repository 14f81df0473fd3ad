import { afterEach, expect, it } from "vitest";
import { isEngaged } from "./useAskFocus";

afterEach(() => document.body.replaceChildren());

it.each([
  ["a button of the conversation", "<button id=at></button>", false],
  ["a field of a form", "<form><input id=at></form>", true],
  ["an edited message", "<article><textarea id=at></textarea></article>", true],
  ["an entry of a menu", "<div role=menu><button id=at></button></div>", true],
  ["a choice of a list", "<div role=listbox><div role=option id=at tabindex=-1></div></div>", true],
])("a reader at %s", (_, html, expected) => {
  document.body.innerHTML = html;
  document.getElementById("at")?.focus();
  expect(document.activeElement?.id).toBe("at");
  expect(isEngaged(document.activeElement)).toBe(expected);
});

it("a reader who is nowhere in particular", () => expect(isEngaged(document.activeElement)).toBe(false));
