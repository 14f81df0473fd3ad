import { expect, it } from "vitest";
import { piecesOf } from "./LongText";

it.each([
  ["lines", "0123456789 abcdef\n".repeat(5000), "\n"],
  ["words", "word ".repeat(10_000), " "],
  ["one word", "x".repeat(50_000), ""],
])("cuts %s so that nothing is lost and each piece is short", (_, text, between) => {
  const pieces = piecesOf(text);
  expect(pieces.join(between)).toBe(text);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(8000);
});

it("moves no cut when the text grows", () => {
  const text = "some words\nand a line ".repeat(3000);
  const all = piecesOf(text);
  for (let length = 1000; length < text.length; length += 1777) {
    const grown = piecesOf(text.slice(0, length));
    expect(grown.slice(0, -1)).toEqual(all.slice(0, grown.length - 1));
  }
});
