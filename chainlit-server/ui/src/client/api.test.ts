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

it("asks for conversations by the server's routes", async () => {
  const asked: unknown[] = [];
  const api = createApi("/app", (address, init) => {
    asked.push([init?.method ?? "GET", address, typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : null]);
    return Promise.resolve(Response.json({}));
  });
  await api.threads({ first: 5, cursor: null, search: "", archived: false });
  await api.threads({ first: 5, cursor: "c", search: "fig", archived: true });
  await api.thread("a/b", 10);
  await api.steps("t", "s1", "s");
  await api.changeThread("t", { archived: true }, "s");
  await api.shareThread("t", true, null, "s");
  await api.sharedThread("t");
  await api.deleteThread("t", "s");
  expect(asked).toEqual([
    ["POST", "/app/project/threads", { pagination: { first: 5 }, filter: {} }],
    ["POST", "/app/project/threads", { pagination: { first: 5, cursor: "c" }, filter: { search: "fig", archived: true } }],
    ["GET", "/app/project/thread/a%2Fb?count=10", null],
    ["GET", "/app/project/thread/t/steps?before=s1&session_id=s", null],
    ["PUT", "/app/project/thread", { threadId: "t", sessionId: "s", archived: true }],
    ["PUT", "/app/project/thread/share", { threadId: "t", isShared: true, expiresAt: null, sessionId: "s" }],
    ["GET", "/app/project/share/t", null],
    ["DELETE", "/app/project/thread", { threadId: "t", sessionId: "s" }],
  ]);
  expect(api.exportUrl("t", "html")).toBe("/app/project/thread/t/export?format=html");
});
