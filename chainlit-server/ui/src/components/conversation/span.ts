/** So many of the newest rows are in the document at first. */
export const page = 40;

/** So many come at a time when the reader goes on to others: what can be made within a picture or two. */
export const more = 20;

/** When there are more than this, those that are furthest from the reader leave the document. */
export const most = 240;

/** The rows in the document; without an `end` all from `first` on, also those to come. */
export type Span = { first: number; end: number | null };

export const newest = (count: number): Span => ({ first: Math.max(0, count - page), end: null });

/** The same rows when there are `count` by now. */
export function clamp({ first, end }: Span, count: number): Span {
  return { first: Math.min(first, newest(count).first), end: end !== null && end < count ? end : null };
}

/** The same rows when others have come before all of them. */
export const moveBy = ({ first, end }: Span, rows: number): Span => ({
  first: first + rows,
  end: end === null ? null : end + rows,
});

/** Earlier rows come; of those at the end, the ones from `keep` on may leave. */
export function earlier(span: Span, count: number, keep: number): Span {
  const now = span.end ?? count;
  const first = Math.max(0, span.first - more);
  const end = Math.max(first + most, keep);
  return { first, end: end < now ? end : span.end };
}

/** Later rows come, until `wanted` at least; of those at the beginning, the ones before `keep` may leave. */
export function later(span: Span, count: number, keep: number, wanted = 0): Span {
  const end = Math.max((span.end ?? count) + more, wanted);
  const first = Math.max(span.first, Math.min(Math.min(end, count) - most, keep));
  return { first, end: end < count ? end : null };
}
