import { describe, expect, it } from "vitest";
import { loginPlace } from "./loginPlace";

function at(address: string, kept = new Map<string, string>()) {
  const now = new URL(address, "http://chat.test");
  const went: string[] = [];
  const go = (target: string) => {
    went.push(target);
    now.href = new URL(target, now).href;
  };
  const page = {
    location: Object.assign(now, { replace: go }),
    history: { replaceState: (_: unknown, __: string, target?: string | URL | null) => go(String(target)) },
  };
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  return { place: loginPlace("/x", page, storage), went, kept };
}

describe("the way to the login and back", () => {
  it("leads back to where one was", () => {
    const left = at("/x/thread/1?a=b#c");
    left.place.leaveForLogin();
    expect(left.went).toEqual(["/x/login"]);
    const back = at("/x/login", left.kept);
    back.place.comeBack();
    expect(back.went).toEqual(["/x/thread/1?a=b#c"]);
    expect(back.kept.size).toBe(0);
  });

  it("leads to the beginning when one was nowhere", () => {
    for (const address of ["/x/login", "/x/login/callback?success=True", "/x/login?error=oauthSignin"]) {
      const { place, went } = at(address);
      place.showLogin();
      expect(went).toEqual([]);
      place.comeBack();
      expect(went).toEqual(["/x/"]);
    }
  });

  it("stays where it is when nobody has to log in", () => {
    const { place, went } = at("/x/thread/1");
    place.comeBack();
    expect(went).toEqual([]);
  });

  it("leads nowhere else", () => {
    for (const evil of ["//evil.example", "https://evil.example", "/y", "/x/\\evil.example", "javascript:x"]) {
      const { place, went } = at("/x/login", new Map([["chainlit-after-login", evil]]));
      place.comeBack();
      expect(went).toEqual(["/x/"]);
    }
  });
});
