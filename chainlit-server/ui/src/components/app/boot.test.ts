import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { boot } from "./boot";

const profiles = [{ name: "Poet", default: true }, { name: "Critic & Co", default: false }];

/** Whether the server says what is configured with the profile that it was asked for. */
function serve(asked: string[]) {
  vi.stubGlobal("fetch", (address: string) => {
    const { pathname, searchParams } = new URL(address, "http://chat.example");
    if (pathname !== "/project/settings") return Promise.resolve(Response.json({ translation: {} }));
    const profile = searchParams.get("chat_profile");
    asked.push(profile ?? "(none)");
    return Promise.resolve(Response.json({ ui: { name: `as ${profile ?? "nobody"}` }, chatProfiles: profiles }));
  });
}

beforeEach(() => window.sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

it.each([
  ["a new tab asks again with the profile that it begins with", null, ["(none)", "Poet"], "as Poet"],
  ["a tab asks with the profile that it has chosen", "Critic & Co", ["Critic & Co"], "as Critic & Co"],
  ["one that is not offered any more gives way", "Gone", ["Gone", "Poet"], "as Poet"],
])("%s", async (_, chosen, wanted, name) => {
  const asked: string[] = [];
  serve(asked);
  if (chosen !== null) window.sessionStorage.setItem("chainlit-profile", chosen);
  const ready = await boot();
  expect(asked).toEqual(wanted);
  expect(ready.phase === "ready" && ready.app.name).toBe(name);
});
