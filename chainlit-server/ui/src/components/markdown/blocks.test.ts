import { describe, expect, it } from "vitest";
import { advance, emptySplit, sectionSize, sectionsOf, type Split } from "./blocks";

const blocksOf = (split: Split) => sectionsOf(split).flat().map((block) => block.trimEnd());
const whole = (text: string) => blocksOf(advance(emptySplit, text));

function streamed(text: string, step: number): Split {
  let split = emptySplit;
  for (let at = step; at < text.length + step; at += step) split = advance(split, text.slice(0, at));
  return split;
}

const samples: Record<string, string> = {
  prose: "One line\nand another.\n\nA second paragraph.\n\n## Heading\n\nThird.",
  lists: "1. a\n\n2. b\n\n   more of b\n\n3. c\n\nafter\n\n- x\n  - y\n\n    deep\n- z\n\nend",
  fence: "before\n\n```rust\nfn main() {\n\n    let x = 1;\n\n}\n```\n\nafter\n\n~~~\n```\nnot the end\n\n~~~\n\nlast",
  table: "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nafter\n\n| c |\n|---|\n| 5 |\n",
  setext: "Title\n===\n\ntext\n\nSub\n---\n\ntext\n",
  quote: "> one\n> two\nlazy\n\n> three\n\nend\n",
  html: "<div>\n\nx\n\n</div>\n\ntext <b>b</b>\n\n<!-- c\n\nd -->\n\nend",
  indented: "text\n\n    code\n\n    more code\n\ntext\n",
  definitions: "see [one] and [two][2]\n\n[one]: /one\n[2]: /two 'Two'\n\nend",
  windows: "one\r\n\r\ntwo\r\n\r\n- a\r\n- b\r\n\r\nend",
  odd: "***\n\n* a\n\n\n* b\n\n1) x\n2) y\n\n\\\n\n&amp;\n\n# \n\nx",
};

describe("splitting", () => {
  it.each(Object.entries(samples))("%s gives the same blocks however it arrives", (_, text) => {
    for (const step of [1, 2, 3, 7]) expect(blocksOf(streamed(text, step))).toEqual(whole(text));
  });

  it("keeps what is stable", () => {
    const long = Array.from({ length: 100 }, (_, at) => `Paragraph ${at}.`).join("\n\n");
    const before = streamed(long, 50);
    const after = advance(before, `${long} More.`);
    const [first] = sectionsOf(before);
    expect(first).toHaveLength(sectionSize);
    expect(sectionsOf(after)[0]).toBe(first);
    expect(after.tail.length).toBeLessThan(60);
  });

  it("leaves blocks where they are when they become stable", () => {
    const text = samples["prose"] ?? "";
    let split = emptySplit;
    let seen: string[] = [];
    for (let at = 1; at <= text.length; at += 1) {
      split = advance(split, text.slice(0, at));
      const now = blocksOf(split);
      expect(now.slice(0, Math.max(0, seen.length - 1))).toEqual(seen.slice(0, -1));
      seen = now;
    }
  });

  it("begins anew when the text is another one", () => {
    expect(blocksOf(advance(advance(emptySplit, "one\n\ntwo\n\nthree\n"), "else\n\nend"))).toEqual(["else", "end"]);
  });

  it("finds link targets that come later", () => {
    expect(streamed(samples["definitions"] ?? "", 1).definitions).toMatchObject({
      one: { href: "/one" },
      "2": { href: "/two", title: "Two" },
    });
  });

  it("cuts a paragraph without an end and loses nothing of it", () => {
    const text = "word ".repeat(20_000);
    const split = streamed(text, 5_000);
    expect(split.tail.length).toBeLessThan(20_000);
    expect(sectionsOf(split).flat().join("")).toBe(text.trimEnd().concat(" "));
  });

  it("costs little for each piece of a long text", () => {
    const start = performance.now();
    streamed("Some words here.\n\n".repeat(20_000), 300);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
