import { beforeEach, expect, it } from "vitest";
import { missingKey, UserEnv } from "./userEnv";

beforeEach(() => localStorage.clear());

it("is complete when nothing is wanted", () => {
  const env = new UserEnv([]);
  expect(env.complete).toBe(true);
  expect(env.text()).toBe("{}");
});

it("keeps what was entered for the next visit, and gives it as JSON", () => {
  const env = new UserEnv(["A", "B"]);
  expect(env.complete).toBe(false);
  env.save([["A", "1"], ["B", "\"2\""]]);
  const later = new UserEnv(["A", "B"]);
  expect(later.complete).toBe(true);
  expect(later.get("B")).toBe("\"2\"");
  expect(JSON.parse(later.text())).toEqual({ A: "1", B: "\"2\"" });
  expect(new UserEnv(["A", "C"]).complete).toBe(false);
});

it("keeps what other applications of the address wanted", () => {
  new UserEnv(["A"]).save([["A", "1"]]);
  new UserEnv(["B"]).save([["B", "2"]]);
  expect(new UserEnv(["A", "B"]).complete).toBe(true);
});

it("asks for the key that the server lacks besides", () => {
  const env = new UserEnv(["A"]);
  expect(env.names("B")).toEqual(["A", "B"]);
  expect(env.names("A")).toEqual(["A"]);
  expect(missingKey("Missing user environment variable: MY KEY")).toBe("MY KEY");
  expect(missingKey("authentication failed")).toBe(null);
});

it.each(["", "null", "[1]", "{", "{\"A\":1}"])("begins empty when the storage holds %s", (stored) => {
  localStorage.setItem("chainlit-user-env", stored);
  const env = new UserEnv(["A"]);
  expect(env.complete).toBe(false);
  expect(env.text()).toBe("{}");
});

it("takes names that objects have of their own", () => {
  const env = new UserEnv(["constructor", "__proto__"]);
  expect(env.complete).toBe(false);
  env.save([["constructor", "1"], ["__proto__", "2"]]);
  expect(new UserEnv(["constructor", "__proto__"]).complete).toBe(true);
});

it("remembers for the visit when the storage is forbidden", () => {
  const env = new UserEnv(["A"], { getItem: () => null, setItem: () => undefined });
  env.save([["A", "1"]]);
  expect(env.complete).toBe(true);
});
