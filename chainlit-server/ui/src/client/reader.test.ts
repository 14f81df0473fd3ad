import { beforeEach, expect, it } from "vitest";
import { settleReader } from "./reader";

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

it("keeps what is the reader's own and nothing of another one", () => {
  sessionStorage.setItem("chainlit-draft", "written before anybody logged in");
  settleReader("ada");
  settleReader("ada");
  expect(sessionStorage.getItem("chainlit-draft")).not.toBeNull();
  sessionStorage.setItem("chainlit-session-id", "s");
  localStorage.setItem("chainlit-user-env", "{}");
  localStorage.setItem("chainlit-theme", "dark");
  settleReader("bob");
  expect(sessionStorage.getItem("chainlit-draft")).toBeNull();
  expect(sessionStorage.getItem("chainlit-session-id")).toBeNull();
  expect(localStorage.getItem("chainlit-user-env")).toBeNull();
  expect(localStorage.getItem("chainlit-theme")).toBe("dark");
});
