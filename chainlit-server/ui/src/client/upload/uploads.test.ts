import { expect, it, vi } from "vitest";
import { ApiError } from "../api";
import type { SendOptions } from "./send";
import { Uploads } from "./uploads";

type Sent = { file: File; options: SendOptions; done: (id: string) => void; fail: (failure: unknown) => void };

function start() {
  const sent: Sent[] = [];
  const uploads = new Uploads(
    (file, options) =>
      new Promise((resolve, reject) => {
        sent.push({ file, options, done: (id) => resolve({ id }), fail: reject });
        options.signal.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
      }),
  );
  const phases = () => uploads.list.get().map(({ phase }) => phase);
  return { uploads, sent, phases };
}

const files = (...names: string[]) => names.map((name) => new File(["x"], name));

it("sends three at once, the others after them, and keeps their order", async () => {
  const { uploads, sent, phases } = start();
  uploads.add(files("a", "b", "c", "d"));
  expect(phases()).toEqual(["sending", "sending", "sending", "waiting"]);
  sent[1]?.options.onProgress(0.5);
  expect(uploads.list.get()[1]).toMatchObject({ part: 0.5 });
  sent[1]?.done("B");
  await vi.waitFor(() => expect(phases()).toEqual(["sending", "done", "sending", "sending"]));
  sent[0]?.done("A");
  await vi.waitFor(() => expect(phases()[0]).toBe("done"));
  expect(uploads.take().map(({ id, file }) => [id, file.name])).toEqual([["A", "a"], ["B", "b"]]);
  expect(phases()).toEqual(["sending", "sending"]);
});

it("cancels what is on its way, and goes on with the next", async () => {
  const { uploads, sent, phases } = start();
  uploads.add(files("a", "b", "c", "d"));
  uploads.remove(uploads.list.get()[0]?.id ?? "");
  expect(sent[0]?.options.signal.aborted).toBe(true);
  await vi.waitFor(() => expect(phases()).toEqual(["sending", "sending", "sending"]));
  expect(sent[3]?.file.name).toBe("d");
});

it("keeps what failed with the server's reason, and tries again when told to", async () => {
  const { uploads, sent, phases } = start();
  uploads.add(files("a"));
  sent[0]?.fail(new ApiError(400, "File type not allowed"));
  await vi.waitFor(() => expect(uploads.list.get()[0]).toMatchObject({ phase: "failed", reason: "File type not allowed" }));
  expect(uploads.take()).toEqual([]);
  uploads.retryUnreached();
  expect(phases()).toEqual(["failed"]);
  uploads.retry(uploads.list.get()[0]?.id ?? "");
  sent[1]?.done("A");
  await vi.waitFor(() => expect(phases()).toEqual(["done"]));
});

it("tries again by itself when the server was not reached", async () => {
  const { uploads, sent, phases } = start();
  uploads.add(files("a"));
  sent[0]?.fail(new ApiError(0, null));
  await vi.waitFor(() => expect(phases()).toEqual(["failed"]));
  uploads.retryUnreached();
  expect(phases()).toEqual(["sending"]);
  expect(sent).toHaveLength(2);
});
