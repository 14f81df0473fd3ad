import { expect, it } from "vitest";
import { readFigure } from "./figure";

const figure = (value: unknown) => readFigure(JSON.stringify(value));

it("takes no pictures of other hosts and no options that send anything", () => {
  const read = figure({
    data: [{ type: "bar" }, { type: "image", source: "https://evil.example/x.png" }, { type: "image", source: "data:image/png;base64,AA" }, null, 1],
    layout: { images: [{ source: "https://evil.example/y.png" }, { source: "data:image/png;base64,AA" }, 5], height: 1e9 },
    config: { plotlyServerURL: "https://evil.example", showSendToCloud: true, scrollZoom: true },
  });
  expect(read.data).toHaveLength(2);
  expect(read.layout["images"]).toHaveLength(1);
  expect(read.config).toEqual({ scrollZoom: true });
  expect(read.height).toBe(400);
  expect(JSON.stringify(read)).not.toContain("evil");
});

it.each([null, 1, [], {}, { data: {} }])("%j is no figure", (value) => {
  expect(() => figure(value)).toThrow();
});
