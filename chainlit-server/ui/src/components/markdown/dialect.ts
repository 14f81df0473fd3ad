import { Lexer, type MarkedOptions, type Token, type TokenizerExtensionFunction } from "marked";

/** A box that stands out of the text: `::: tip`, its lines, `:::`. */
export type AlertToken = { type: "alert"; raw: string; kind: string; tokens: Token[] };
/** A formula in TeX; `display` says that it has a line of its own. */
export type MathToken = { type: "math"; raw: string; text: string; display: boolean };

const fence = { alert: /^ {0,3}:::[ \t]*([\w-]+)[ \t]*\n/, math: /^ {0,3}\$\$[ \t]*\n/ };
const end = { alert: /(?:^|\n) {0,3}:::[ \t]*(?:\n|$)/, math: /(?:^|\n) {0,3}\$\$[ \t]*(?:\n|$)/ };

/** What stands between two fences. Without the second one it is all that follows, as with code: it may still come. */
function between(source: string, opening: string, closing: RegExp): { raw: string; text: string } {
  const rest = source.slice(opening.length);
  const found = closing.exec(rest);
  if (found === null) return { raw: source, text: rest };
  return { raw: opening + rest.slice(0, found.index + found[0].length), text: rest.slice(0, found.index) };
}

/** `$$` on lines of their own. */
const mathBlock: TokenizerExtensionFunction = (source) => {
  const opening = fence.math.exec(source);
  if (opening === null) return undefined;
  return { type: "math", display: true, ...between(source, opening[0], end.math) } satisfies MathToken;
};

/** Longer ones begin on lines of their own; the bound keeps a text full of dollars cheap. */
const displayed = /^\$\$(?!\$)((?:\\[^\n]|[^$\\`]){1,1000}?)\$\$(?!\$)/;
/** Blanks inside, or a digit behind: those dollars are money. Neither kind reaches into code. */
const within = /^\$(?![\s$])((?:\\[^\n]|[^$\\`]){1,1000}?)(?<!\s)\$(?![\d$])/;

const mathInline: TokenizerExtensionFunction = (source) => {
  if (!source.startsWith("$")) return undefined;
  const found = displayed.exec(source) ?? within.exec(source);
  if (found === null) return undefined;
  const [raw, text = ""] = found;
  return { type: "math", raw, text, display: raw.startsWith("$$") } satisfies MathToken;
};

/** In an alert there is all but another alert, or a text full of beginnings would nest without end. */
const alertOf = (content: MarkedOptions): TokenizerExtensionFunction =>
  function alert(source) {
    const opening = fence.alert.exec(source);
    if (opening === null) return undefined;
    const { raw, text } = between(source, opening[0], end.alert);
    const lexer = new Lexer(content);
    lexer.tokens.links = this.lexer.tokens.links;
    return { type: "alert", raw, kind: opening[1] ?? "", tokens: lexer.lex(text) } satisfies AlertToken;
  };

function dialect(math: boolean, alert: TokenizerExtensionFunction | null): MarkedOptions {
  const block = [...(math ? [mathBlock] : []), ...(alert === null ? [] : [alert])];
  const inline = math ? [mathInline] : [];
  const startInline = math ? [(source: string) => source.indexOf("$")] : [];
  return { gfm: true, extensions: { renderers: {}, childTokens: {}, block, inline, startInline } };
}

const plain = dialect(false, alertOf(dialect(false, null)));
const withMath = dialect(true, alertOf(dialect(true, null)));

/** What Markdown is read as: GFM with alerts, and formulas where the application wants them. */
export const lexerFor = (math: boolean): Lexer => new Lexer(math ? withMath : plain);
