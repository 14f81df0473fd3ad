import { memo } from "react";

/** So much of a long text (in characters) is laid out at a time. */
const pieceSize = 8_000;

/**
 * A text that is too long to be made anything of. It stands in pieces: what is written at its end moves nothing but the
 * last of them, and what is out of sight is not laid out.
 */
export function LongText({ text }: { text: string }) {
  return (
    <div className="raw-html long-text">
      {piecesOf(text).map((piece, at) => (
        <Piece key={at} text={piece} />
      ))}
    </div>
  );
}

const Piece = memo(function Piece({ text }: { text: string }) {
  return <div className="piece">{text}</div>;
});

/** The text cut at ends of lines, or of words in a line without end. More text never moves a cut. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (text.length - start > pieceSize) {
    const line = text.lastIndexOf("\n", start + pieceSize);
    const space = line > start ? -1 : text.lastIndexOf(" ", start + pieceSize);
    const end = line > start ? line : space > start ? space : start + pieceSize;
    pieces.push(text.slice(start, end));
    // The cut itself stands for the blank that was there.
    start = line > start || space > start ? end + 1 : end;
  }
  pieces.push(text.slice(start));
  return pieces;
}
