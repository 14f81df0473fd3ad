import { beforeEach, expect, it } from "vitest";
import { ChosenProfile } from "./profile";

beforeEach(() => sessionStorage.clear());

it("is the application's choice until the reader makes one, which a reload keeps", () => {
  const profile = new ChosenProfile();
  profile.settle([{ name: "a" }, { name: "b", default: true }]);
  expect(profile.name).toBe("b");
  profile.choose("a");
  const again = new ChosenProfile();
  again.settle([{ name: "a" }, { name: "b", default: true }]);
  expect(again.name).toBe("a");
});

it("is none that is not offered", () => {
  new ChosenProfile().choose("gone");
  const profile = new ChosenProfile();
  profile.settle([{ name: "a" }]);
  expect(profile.name).toBe("a");
  profile.settle([]);
  expect(profile.name).toBe("");
});
