import { expect, it } from "vitest";
import { createApi } from "./api";

it.each([
  ["Assistant", "/app/avatars/Assistant"],
  ["My Helper 2.0", "/app/avatars/My%20Helper%202.0"],
  ["Zoë", "/app/avatars/default"],
  ["a/b", "/app/avatars/default"],
  ["..", "/app/avatars/default"],
  ["", "/app/avatars/default"],
])("asks for the picture of %s at %s", (author, address) => {
  expect(createApi("/app").avatarUrl(author)).toBe(address);
});
