import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { clamp, earlier, later, moveBy, newest, type Span } from "./span";

/** What would not come back as the reader left it. */
const precious = `.asks, textarea, select, input:not([disabled]), [aria-expanded="true"],
  :is(.inline-custom, .inline-audio, .inline-video, .inline-pdf, .inline-plotly, .inline-dataframe)`;

/**
 * Which rows are in the document. At the end, the span follows the newest ones; a reader who went up keeps what is there,
 * gets more on both sides, and the view stays where it is.
 */
export function useSpan(rows: readonly string[], atBottom: boolean, log: RefObject<HTMLElement | null>) {
  const count = rows.length;
  const [held, setHeld] = useState<Span | null>(null);
  /** How high a row is, for those that have left below. */
  const [height, setHeight] = useState(0);
  // Rows that the server brought before all others move the numbers, not the reader.
  const [head, setHead] = useState(rows[0]);
  if (rows[0] !== head) {
    setHead(rows[0]);
    const moved = head === undefined ? -1 : rows.indexOf(head);
    if (held !== null && moved > 0) setHeld(moveBy(held, moved));
  }
  if (atBottom && held !== null) setHeld(null);
  if (!atBottom && held === null) setHeld(newest(count));
  const { first, end } = clamp(atBottom || held === null ? newest(count) : held, count);

  const anchor = useRef<{ id: string; top: number } | null>(null);
  const goUp = useCallback(() => {
    const shown = shownIn(log);
    if (shown === null) return;
    anchor.current = anchorOf(shown);
    setHeight(shown.height);
    const last = shown.rows.filter(isPrecious).at(-1);
    const keep = isSelecting() ? count : last === undefined ? 0 : rows.indexOf(idOf(last)) + 1;
    setHeld(earlier({ first, end }, count, keep));
  }, [log, rows, count, first, end]);
  const goDown = useCallback(() => {
    const shown = shownIn(log);
    if (shown === null || end === null) return;
    // Who has jumped beyond all rows sees those that stand there.
    const beyond = Math.max(0, Math.floor((shown.view.top - shown.bottom) / shown.height));
    anchor.current = beyond > 0 ? { id: rows[end + beyond] ?? "", top: shown.view.top } : anchorOf(shown);
    const stays = shown.rows.find(isPrecious);
    const keep = isSelecting() ? 0 : stays === undefined ? count : rows.indexOf(idOf(stays));
    const wanted = beyond > 0 ? end + beyond + Math.ceil((2 * shown.view.height) / shown.height) : 0;
    setHeld(later({ first, end }, count, keep, wanted));
  }, [log, rows, count, first, end]);

  /** Rows are about to come before all others: what is seen is to stay where it is. */
  const keepPlace = useCallback(() => {
    const shown = shownIn(log);
    // The first row may lose the author's name to one that comes before it.
    if (shown !== null) anchor.current = anchorOf({ ...shown, rows: shown.rows.slice(1) });
  }, [log]);

  useLayoutEffect(() => {
    const at = anchor.current;
    anchor.current = null;
    const scroller = log.current?.closest("main");
    const row = at && log.current?.querySelector(`:scope > [data-step-id="${CSS.escape(at.id)}"]`);
    if (!scroller || !row) return;
    const moved = row.getBoundingClientRect().top - at.top;
    // Most browsers keep the view where it is when rows come in above it, but none does so at the very top.
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  }, [log, first, end]);

  return { first, end: end ?? count, rest: end === null ? 0 : (count - end) * height, goUp, goDown, keepPlace };
}

type Shown = { rows: HTMLElement[]; view: DOMRect; bottom: number; height: number };

function shownIn(log: RefObject<HTMLElement | null>): Shown | null {
  const view = log.current?.closest("main")?.getBoundingClientRect();
  const rows = [...(log.current?.querySelectorAll<HTMLElement>(":scope > [data-step-id]") ?? [])];
  const [from, to] = [rows[0]?.getBoundingClientRect(), rows.at(-1)?.getBoundingClientRect()];
  if (view === undefined || from === undefined || to === undefined) return null;
  return { rows, view, bottom: to.bottom, height: Math.max(1, (to.bottom - from.top) / rows.length) };
}

/** The first row that is seen, and where. */
function anchorOf({ rows, view }: Shown): { id: string; top: number } | null {
  for (const row of rows) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom > view.top) return { id: idOf(row), top };
  }
  return null;
}

const idOf = (row: HTMLElement): string => row.dataset["stepId"] ?? "";

const isPrecious = (row: HTMLElement): boolean =>
  row.matches(precious) || row.contains(document.activeElement) || row.querySelector(precious) !== null;

const isSelecting = (): boolean => document.getSelection()?.isCollapsed === false;
