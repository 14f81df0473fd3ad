import { Lexer, type Token } from "marked";

export type Definitions = Readonly<Record<string, { href: string; title: string }>>;

/**
 * A Markdown text cut into blocks. Blocks of `sections` do not change any more while the text grows; only `tail` has to
 * be looked at again. Sections hold some blocks each, so that a long text is not one long list.
 */
export type Split = {
  source: string;
  sections: readonly (readonly string[])[];
  tail: string;
  /** Targets of `[links][by name]`, wherever in the text they stand. */
  definitions: Definitions;
};

export const emptySplit: Split = { source: "", sections: [], tail: "", definitions: {} };

const sectionSize = 24;
/** A paragraph without an end is cut, or each token would cost as much as the whole. */
const longestParagraph = 16_000;

const options = { gfm: true };

export function advance(before: Split, text: string): Split {
  const source = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (source === before.source) return before;
  const grown = before.source !== "" && source.startsWith(before.source);
  const start = grown ? before : emptySplit;
  const rest = grown ? start.tail + source.slice(start.source.length) : source;

  const tokens = blockTokens(rest);
  const count = stableCount(tokens);
  const stable = tokens.slice(0, count).flatMap((token) => cutParagraph(token));
  const tailTokens = tokens.slice(count);
  let tail = tailTokens.map((token) => token.raw).join("");
  if (tailTokens.length === 1 && tail.length > longestParagraph && tailTokens[0]?.type === "paragraph") {
    const pieces = cutParagraph(tailTokens[0]);
    tail = pieces.pop() ?? "";
    stable.push(...pieces);
  }
  return {
    source,
    sections: addBlocks(start.sections, stable),
    tail,
    definitions: collect(start.definitions, tokens),
  };
}

function blockTokens(source: string): Token[] {
  return new Lexer(options).blockTokens(source, []);
}

/**
 * How many tokens at the start will never change, whatever follows. A block is closed when another block has begun
 * with a whole line after an empty line: until then `2` may still become `2. item`, and a list go on behind a gap.
 */
function stableCount(tokens: readonly Token[]): number {
  let last = tokens.length - 1;
  while (last >= 0 && tokens[last]?.type === "space") last -= 1;
  if (last <= 0 || tokens[last]?.raw.includes("\n") !== true) return 0;
  for (let at = last; at > 0; at -= 1) {
    const before = tokens[at - 1];
    if (before !== undefined && (before.type === "space" || /\n[ \t]*\n$/.test(before.raw))) return at;
  }
  return 0;
}

function cutParagraph(token: Token): string[] {
  if (token.type !== "paragraph" || token.raw.length <= longestParagraph) return [token.raw];
  const pieces: string[] = [];
  let rest = token.raw;
  while (rest.length > longestParagraph) {
    const line = rest.lastIndexOf("\n", longestParagraph);
    const space = rest.lastIndexOf(" ", longestParagraph);
    const at = line > 0 ? line + 1 : space > 0 ? space + 1 : longestParagraph;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...pieces, rest];
}

function addBlocks(sections: Split["sections"], blocks: readonly string[]): Split["sections"] {
  const added = blocks.filter((block) => block.trim() !== "");
  if (added.length === 0) return sections;
  const result = sections.slice();
  for (const block of added) {
    const last = result[result.length - 1];
    if (last === undefined || last.length >= sectionSize) result.push([block]);
    else result[result.length - 1] = [...last, block];
  }
  return result;
}

function collect(known: Definitions, tokens: readonly Token[]): Definitions {
  let result = known;
  for (const token of tokens) {
    if (token.type !== "def" || Object.hasOwn(result, token["tag"] as string)) continue;
    const { tag, href, title } = token as unknown as { tag: string; href: string; title?: string };
    result = { ...result, [tag]: { href, title: title ?? "" } };
  }
  return result;
}

/** The tokens of one block, with its inline parts. */
export function parseBlock(source: string, definitions: Definitions): Token[] {
  const lexer = new Lexer(options);
  Object.assign(lexer.tokens.links, definitions);
  return lexer.lex(source);
}
