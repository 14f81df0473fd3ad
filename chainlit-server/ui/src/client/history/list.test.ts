import { expect, it } from "vitest";
import { addPage, applyChange, emptyList, setFirstPage, type ThreadPage } from "./list";

const page = (ids: string, hasNextPage = false): ThreadPage => ({
  data: [...ids].map((id) => ({ id })),
  pageInfo: { hasNextPage, endCursor: ids.at(-1) ?? null },
});
const ids = ({ threads }: { threads: readonly { id: string }[] }) => threads.map(({ id }) => id).join("");

it("adds pages, and none twice", () => {
  const one = addPage(emptyList, page("abc", true));
  expect([ids(one), one.cursor, one.phase]).toEqual(["abc", "c", "ready"]);
  const two = addPage(one, page("cde"));
  expect([ids(two), two.cursor]).toEqual(["abcde", null]);
});

it("takes the first page again and keeps what stands below", () => {
  const list = addPage(addPage(emptyList, page("abc", true)), page("def", true));
  const again = setFirstPage(list, page("xea", true));
  expect([ids(again), again.cursor], "what moved up is not there twice").toEqual(["xeaf", "f"]);
  const other = setFirstPage(list, page("xyz", true));
  expect([ids(other), other.cursor], "nothing in common").toEqual(["xyz", "z"]);
  expect(ids(setFirstPage(list, page("ab"))), "the first page is all there is").toBe("ab");
});

it("follows what happens, in the list and in the archive", () => {
  const list = addPage(emptyList, page("abc"));
  expect(applyChange(list, { kind: "renamed", id: "b", name: "New" }).threads[1]).toEqual({ id: "b", name: "New" });
  expect(ids(applyChange(list, { kind: "removed", id: "a" }))).toBe("bc");
  expect(ids(applyChange(list, { kind: "archived", id: "a", archived: true }))).toBe("bc");
  const archive = { ...list, archived: true };
  expect(ids(applyChange(archive, { kind: "archived", id: "a", archived: false }))).toBe("bc");
  expect(ids(applyChange(archive, { kind: "archived", id: "a", archived: true }))).toBe("abc");
  const begun = { kind: "begun", thread: { id: "n" } } as const;
  expect(ids(applyChange(list, begun))).toBe("nabc");
  expect(ids(applyChange(applyChange(list, begun), begun))).toBe("nabc");
  expect(ids(applyChange(archive, begun)) + ids(applyChange({ ...list, search: "x" }, begun))).toBe("abcabc");
});
