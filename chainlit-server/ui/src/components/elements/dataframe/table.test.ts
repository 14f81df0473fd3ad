import { expect, it } from "vitest";
import { ordered, readTable } from "./table";

const table = readTable(JSON.stringify({ columns: ["a", ["b", 1]], index: ["x", "y", "z"], data: [[10, "b10"], [null, "b9"], [9, { k: 1 }]] }));

it("reads what pandas writes", () => {
  expect(table).toEqual({ columns: ["a", "b / 1"], index: ["x", "y", "z"], rows: [[10, "b10"], [null, "b9"], [9, '{"k":1}']] });
});

it("sorts numbers as numbers, texts as people do, and what is missing last", () => {
  expect(ordered(table, { column: 0, descending: false })).toEqual([2, 0, 1]);
  expect(ordered(table, { column: 0, descending: true })).toEqual([0, 2, 1]);
  expect(ordered(table, { column: 1, descending: false }).indexOf(1)).toBeLessThan(ordered(table, { column: 1, descending: false }).indexOf(0));
  expect(ordered(table, { column: -1, descending: true })).toEqual([2, 1, 0]);
  expect(ordered(table, null)).toEqual([0, 1, 2]);
});

it.each(["", "null", "3", "[]", "{}", '{"columns":{},"data":[]}', '{"columns":[]}'])("%j is no table", (text) => {
  expect(() => readTable(text)).toThrow();
});

it("bears rows that are none, and short ones", () => {
  const odd = readTable('{"columns":["a","b"],"data":[1,null,["x"],{}]}');
  expect(odd.rows).toEqual([["x"]]);
  expect(ordered(odd, { column: 1, descending: false })).toEqual([0]);
});
