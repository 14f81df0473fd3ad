import { expect, it } from "vitest";
import { imageSource, safeLink } from "./safety";

it("lets only known schemes through", () => {
  expect(safeLink("https://a.example/?q=1#x")).toBe("https://a.example/?q=1#x");
  expect(safeLink("mailto:a@b.example")).toBe("mailto:a@b.example");
  expect(safeLink("/public/file:1.txt")).toBe("/public/file:1.txt");
  expect(safeLink("docs?next=javascript:x")).toBe("docs?next=javascript:x");
  for (const bad of ["javascript:x", " javascript:x", "java\nscript:x", "java\u200bscript:x", "DATA:text/html,x", "intent://x", "\\\\host\\x", ""]) {
    expect(safeLink(bad), bad).toBeNull();
  }
});

it("tells images of this place from others", () => {
  const page = "https://app.example/x/";
  expect(imageSource("/public/a.png", page)).toEqual({ kind: "here", url: "https://app.example/public/a.png" });
  expect(imageSource("https://app.example/a.png", page).kind).toBe("here");
  expect(imageSource("//cdn.example/a.png", page)).toMatchObject({ kind: "remote", host: "cdn.example" });
  expect(imageSource("https://app.example.evil.example/a.png", page)).toMatchObject({ host: "app.example.evil.example" });
  expect(imageSource("https://app.example@evil.example/a.png", page)).toMatchObject({ host: "evil.example" });
  for (const bad of ["javascript:x", "data:image/svg+xml,x", "ftp://x/a.png", "http://"]) expect(imageSource(bad, page).kind, bad).toBe("none");
});
