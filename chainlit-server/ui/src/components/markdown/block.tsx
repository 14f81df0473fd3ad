import type { Token, Tokens } from "marked";
import { createElement, Fragment, type ReactNode } from "react";
import { AlertBlock } from "./AlertBlock";
import { CodeBlock } from "./CodeBlock";
import type { AlertToken, MathToken } from "./dialect";
import { Formula } from "./Formula";
import { inline } from "./inline";
import { TableBlock } from "./TableBlock";

const deepest = 24;

/** Block tokens as elements. `growing` says that the last of them is still being written. */
export function blocks(tokens: readonly Token[], growing: boolean, depth = 0): ReactNode {
  if (depth > deepest) return tokens.map((token) => token.raw).join("");
  const last = tokens.length - 1;
  return tokens.map((token, at) => <Fragment key={at}>{one(token, growing && at === last, depth + 1)}</Fragment>);
}

function one(token: Token, growing: boolean, depth: number): ReactNode {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return heading(token as Tokens.Heading);
    case "paragraph":
      return <p>{inline(token.tokens)}</p>;
    case "text":
      return token.tokens === undefined ? inline([token]) : inline(token.tokens);
    case "code":
      return <CodeBlock code={token["text"] as string} language={language(token as Tokens.Code)} growing={growing} />;
    case "blockquote":
      return <blockquote>{blocks(token.tokens ?? [], growing, depth)}</blockquote>;
    case "list":
      return list(token as Tokens.List, growing, depth);
    case "alert":
      return (
        <AlertBlock kind={(token as AlertToken).kind}>{blocks((token as AlertToken).tokens, growing, depth)}</AlertBlock>
      );
    case "math":
      return <Formula source={(token as MathToken).text} display />;
    case "table":
      return <TableBlock token={token as Tokens.Table} />;
    case "hr":
      return <hr />;
    case "html":
      return <p className="raw-html">{token.raw.trimEnd()}</p>;
    default:
      return <p>{token.raw}</p>;
  }
}

/** The page has its own h1, and each message may start with any level: headings begin below it. */
function heading(token: Tokens.Heading): ReactNode {
  const level = Math.min(6, token.depth + 1);
  return createElement(`h${level}`, { className: `heading-${token.depth}` }, inline(token.tokens));
}

function language(token: Tokens.Code): string {
  return (token.lang ?? "").trim().split(/\s/)[0] ?? "";
}

function list(token: Tokens.List, growing: boolean, depth: number): ReactNode {
  const items = token.items.map((item, at) => (
    <li key={at} className={item.task ? "task-item" : undefined}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} disabled aria-label={item.text} />}
      {blocks(withoutBox(item.tokens), growing && at === token.items.length - 1, depth)}
    </li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={typeof token.start === "number" && token.start !== 1 ? token.start : undefined}>{items}</ol>;
}

function withoutBox(tokens: readonly Token[]): Token[] {
  return tokens
    .filter((token) => token.type !== "checkbox")
    .map((token) =>
      token.type === "paragraph" || token.type === "text"
        ? ({ ...token, tokens: token.tokens?.filter((part: Token) => part.type !== "checkbox") } as Token)
        : token,
    );
}
