import type { Token, Tokens } from "marked";
import { useCallback, useMemo } from "react";
import { useSelect } from "../../client/hooks";
import type { ElementDict } from "../../client/protocol";
import { type ConversationState, selectLinked } from "../../client/state";
import { useApp } from "../app/context";
import { decodeEntities } from "../markdown/safety";
import type { Linked } from "./ElementLink";
import { shownName } from "./source";

export const linkOf = (element: ElementDict): Linked => ({
  id: element.id,
  name: shownName(element),
  page: element.display === "page",
  threadId: element.threadId ?? null,
});

/** Names that are links in a text, and how they are found there. */
export type Names = { pattern: RegExp; byName: ReadonlyMap<string, Linked> };

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
/** A name that begins or ends like a word is not found inside of another word. */
const bounded = (name: string) =>
  (/^[\p{L}\p{N}_]/u.test(name) ? "(?<![\\p{L}\\p{N}_])" : "") +
  escaped(name) +
  (/[\p{L}\p{N}_]$/u.test(name) ? "(?![\\p{L}\\p{N}_])" : "");

export function namesOf(elements: readonly ElementDict[]): Names | null {
  if (elements.length === 0) return null;
  const byName = new Map(elements.map((element) => [element.name ?? "", linkOf(element)]));
  // The longest first: `report` must not hide `report 2`.
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  return { pattern: new RegExp(names.map(bounded).join("|"), "gu"), byName };
}

const code = /```[^]*?(?:```|$)|`[^`\n]*`/g;

/** Whether a text names an element where the name becomes a link. */
export const isNamed = (text: string, { name }: ElementDict): boolean =>
  Boolean(name) && text.includes(name ?? "") && new RegExp(bounded(name ?? ""), "u").test(text.replace(code, ""));

/** The names that the text of a message links. */
export function useLinkedNames(id: string): Names | null {
  const { chat } = useApp();
  const elements = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectLinked(state, id), [id]),
  );
  return useMemo(() => namesOf(elements), [elements]);
}

export type ElementToken = Tokens.Generic & { type: "element"; linked: Linked; text: string };

/** The tokens with the names in their texts as tokens of their own. Code, links and pictures stay as they are. */
export function linkNames(tokens: readonly Token[], names: Names): Token[] {
  return tokens.flatMap((token): Token[] => {
    if (token.type === "link" || token.type === "image" || token.type === "code" || token.type === "codespan") return [token];
    const generic = token as Tokens.Generic;
    if (token.type === "table") {
      const table = token as Tokens.Table;
      const cell = (one: Tokens.TableCell) => ({ ...one, tokens: linkNames(one.tokens, names) });
      return [{ ...table, header: table.header.map(cell), rows: table.rows.map((row) => row.map(cell)) }];
    }
    if (token.type === "list") {
      const list = token as Tokens.List;
      return [{ ...list, items: list.items.map((item) => ({ ...item, tokens: linkNames(item.tokens, names) })) }];
    }
    if (generic.tokens !== undefined) return [{ ...generic, tokens: linkNames(generic.tokens, names) } as Token];
    return token.type === "text" ? cut(token as Tokens.Text, names) : [token];
  });
}

function cut(token: Tokens.Text, { pattern, byName }: Names): Token[] {
  const text = decodeEntities(token.text);
  const parts: Token[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const linked = byName.get(match[0]);
    if (linked === undefined) continue;
    if (match.index > from) parts.push(plain(text.slice(from, match.index)));
    parts.push({ type: "element", raw: match[0], text: match[0], linked } as ElementToken);
    from = match.index + match[0].length;
  }
  if (from === 0) return [token];
  if (from < text.length) parts.push(plain(text.slice(from)));
  return parts;
}

/** A text whose entities are characters already: an escape is shown as it is. */
const plain = (text: string): Token => ({ type: "escape", raw: text, text });
