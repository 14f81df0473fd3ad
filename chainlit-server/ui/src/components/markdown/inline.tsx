import type { Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { ElementLink } from "../elements/ElementLink";
import type { ElementToken } from "../elements/linked";
import type { MathToken } from "./dialect";
import { Formula } from "./Formula";
import { RemoteImage } from "./RemoteImage";
import { decodeEntities, safeLink } from "./safety";

/** Deeper than this nobody nests on purpose. */
const deepest = 24;

export function inline(tokens: readonly Token[] | undefined, depth = 0): ReactNode {
  if (tokens === undefined) return null;
  if (depth > deepest) return tokens.map((token) => token.raw).join("");
  return tokens.map((token, at) => <Fragment key={at}>{one(token, depth + 1)}</Fragment>);
}

function one(token: Token, depth: number): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens === undefined ? decodeEntities(token["text"] as string) : inline(token.tokens, depth);
    case "escape":
      return token["text"] as string;
    case "strong":
      return <strong>{inline(token.tokens, depth)}</strong>;
    case "em":
      return <em>{inline(token.tokens, depth)}</em>;
    case "del":
      return <del>{inline(token.tokens, depth)}</del>;
    case "codespan":
      return <code>{token["text"] as string}</code>;
    case "br":
      return <br />;
    case "link":
      return <Link token={token as Tokens.Link} depth={depth} />;
    case "image":
      return <RemoteImage address={(token as Tokens.Image).href} text={(token as Tokens.Image).text} />;
    case "element":
      return <ElementLink linked={(token as ElementToken).linked}>{(token as ElementToken).text}</ElementLink>;
    case "math":
      return <Formula source={(token as MathToken).text} display={(token as MathToken).display} />;
    // HTML is shown, not run.
    default:
      return token.raw;
  }
}

function Link({ token, depth }: { token: Tokens.Link; depth: number }) {
  const href = safeLink(token.href);
  const content = inline(token.tokens, depth);
  if (href === null) return <span className="dead-link">{content}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={token.title ?? undefined}>
      {content}
    </a>
  );
}
