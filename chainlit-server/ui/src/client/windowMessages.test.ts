import { expect, it, vi } from "vitest";
import { hearEmbedder, tellEmbedder } from "./windowMessages";

/** A page in a frame of `https://host.test`, as far as these functions look at one. */
function framed(referrer = "https://host.test/page") {
  const parent = { postMessage: vi.fn() };
  const target = new EventTarget();
  const page = Object.assign(target, { parent, location: { origin: "https://app.test" }, document: { referrer } });
  const say = (data: unknown, source: unknown, origin: string) =>
    target.dispatchEvent(Object.assign(new Event("message"), { data, source, origin }));
  return { page: page as unknown as Window, parent, say };
}

it("only the embedding window is heard", () => {
  const { page, parent, say } = framed();
  const hear = vi.fn();
  const stop = hearEmbedder(hear, page);
  say("from another window", {}, "https://host.test");
  say("from another origin", parent, "https://evil.test");
  say({ a: 1 }, parent, "https://host.test");
  say("x".repeat(300_000), parent, "https://host.test");
  say(10n, parent, "https://host.test");
  stop();
  say("later", parent, "https://host.test");
  expect(hear).toHaveBeenCalledExactlyOnceWith({ a: 1 });
});

it("only the embedding origin is told, where it is known", () => {
  const known = framed();
  tellEmbedder("hello", known.page);
  expect(known.parent.postMessage).toHaveBeenCalledWith("hello", "https://host.test");
  const own = framed("https://app.test/login");
  tellEmbedder("hello", own.page);
  expect(own.parent.postMessage).toHaveBeenCalledWith("hello", "*");
});

it("a page that is not embedded tells and hears nobody", () => {
  const spy = vi.spyOn(window, "postMessage");
  tellEmbedder("hello");
  const hear = vi.fn();
  hearEmbedder(hear);
  window.dispatchEvent(new MessageEvent("message", { data: "x", source: window, origin: window.location.origin }));
  expect(spy).not.toHaveBeenCalled();
  expect(hear).not.toHaveBeenCalled();
});
