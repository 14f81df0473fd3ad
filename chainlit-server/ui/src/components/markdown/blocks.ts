import type { Token } from "marked";
import { lexerFor } from "./dialect";

export type Definitions = Readonly<Record<string, { href: string; title: string }>>;

/**
 * A Markdown text cut into blocks. `stable` ones do not change any more while the text grows; only the source of the
 * `tail` has to be looked at again.
 */
export type Split = {
  source: string;
  /** Whether formulas are read. */
  math: boolean;
  /** Blocks in sections of `sectionSize`, so that a long text is not one long list. Only the last may be shorter. */
  stable: readonly (readonly string[])[];
  tail: string;
  tailBlocks: readonly string[];
  /** Targets of `[links][by name]`, wherever in the text they stand; and those of them that are stable. */
  definitions: Definitions;
  stableDefinitions: Definitions;
};

const none: Definitions = {};

export const emptySplit: Split = {
  source: "",
  math: false,
  stable: [],
  tail: "",
  tailBlocks: [],
  definitions: none,
  stableDefinitions: none,
};

export const sectionSize = 24;
/** A paragraph without an end is cut, or each token would cost as much as the whole. */
const longestParagraph = 16_000;

export function advance(before: Split, text: string, math = false): Split {
  const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (source === before.source && math === before.math) return before;
  const grown = before.source !== "" && math === before.math && source.startsWith(before.source);
  const start = grown ? before : emptySplit;
  const rest = grown ? start.tail + source.slice(start.source.length) : source;

  const tokens = pieces(rest, math);
  const count = stableCount(tokens, rest);
  const stable = tokens.slice(0, count).flatMap(cut);
  const open = tokens.slice(count);
  let tail = rest.slice(open[0]?.start ?? rest.length);
  let tailBlocks = open.flatMap(cut);
  if (open.length === 1 && tailBlocks.length > 1) {
    tail = tailBlocks.at(-1) ?? "";
    stable.push(...tailBlocks.slice(0, -1));
    tailBlocks = [tail];
  }
  const stableDefinitions = collect(start.stableDefinitions, tokens.slice(0, count));
  return {
    source,
    math,
    stable: addBlocks(start.stable, stable),
    tail,
    tailBlocks: tailBlocks.filter(isVisible),
    stableDefinitions,
    definitions: sameDefinitions(before.definitions, collect(stableDefinitions, open)),
  };
}

/**
 * All blocks in sections. A block keeps its place when it becomes stable, so that what is painted (and perhaps
 * selected) stays the same element. Sections that did not change keep their identity.
 */
export function sectionsOf(split: Split): readonly (readonly string[])[] {
  return addBlocks(split.stable, split.tailBlocks);
}

/** A token, where it begins, and what the text has there: `raw` of a token may differ from it in blanks at the end. */
type Piece = { token: Token; start: number; text: string };

function pieces(source: string, math: boolean): Piece[] {
  let start = 0;
  return lexerFor(math).blockTokens(source, []).map((token) => {
    const piece = { token, start, text: source.slice(start, start + token.raw.length) };
    start += token.raw.length;
    return piece;
  });
}

/**
 * How many pieces at the start will never change, whatever follows. A block is closed when another block has begun
 * with a whole line after an empty line: until then `2` may still become `2. item`, and a list go on behind a gap.
 */
function stableCount(all: readonly Piece[], source: string): number {
  const lastLine = source.lastIndexOf("\n");
  for (let at = all.length - 1; at > 0; at -= 1) {
    const [before, here] = [all[at - 1], all[at]];
    if (before === undefined || here === undefined || here.token.type === "space" || here.start > lastLine) continue;
    if (before.token.type === "space" || /\n[ \t]*\n$/.test(before.text)) return at;
  }
  return 0;
}

/** A piece as blocks: one, but for an endless paragraph. */
function cut({ token, text }: Piece): string[] {
  if (token.type !== "paragraph" || text.length <= longestParagraph) return [text];
  const parts: string[] = [];
  let rest = text;
  while (rest.length > longestParagraph) {
    const line = rest.lastIndexOf("\n", longestParagraph);
    const space = rest.lastIndexOf(" ", longestParagraph);
    const at = line > 0 ? line + 1 : space > 0 ? space + 1 : longestParagraph;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

const isVisible = (block: string) => block.trim() !== "";

function addBlocks(sections: Split["stable"], blocks: readonly string[]): Split["stable"] {
  const added = blocks.filter(isVisible);
  if (added.length === 0) return sections;
  const result = sections.slice();
  let open = result.at(-1);
  if (open !== undefined && open.length < sectionSize) result.pop();
  else open = [];
  const all = [...open, ...added];
  for (let at = 0; at < all.length; at += sectionSize) result.push(all.slice(at, at + sectionSize));
  return result;
}

function collect(known: Definitions, all: readonly Piece[]): Definitions {
  let result = known;
  for (const { token } of all) {
    if (token.type !== "def" || Object.hasOwn(result, token["tag"] as string)) continue;
    const { tag, href, title } = token as unknown as { tag: string; href: string; title?: string };
    result = { ...result, [tag]: { href, title: title ?? "" } };
  }
  return result;
}

/** The known object when nothing changed: blocks with links look at its identity. */
function sameDefinitions(before: Definitions, now: Definitions): Definitions {
  const names = Object.keys(now);
  const same =
    names.length === Object.keys(before).length &&
    names.every((name) => before[name]?.href === now[name]?.href && before[name]?.title === now[name]?.title);
  return same ? before : now;
}

/** The tokens of one block, with its inline parts. */
export function parseBlock(source: string, definitions: Definitions, math = false): Token[] {
  const lexer = lexerFor(math);
  Object.assign(lexer.tokens.links, definitions);
  return lexer.lex(source);
}
