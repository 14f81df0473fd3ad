import type { Widget, WidgetValue } from "../../client/protocol";

/** What is wrong with a date: the key of the text that says it, and the day that it names. */
export type Problem = { key: "early" | "late" | "order"; day: string };

/** What keeps a value from being confirmed. Only dates can be wrong: the other fields take nothing that is. */
export function problemOf(widget: Widget, value: WidgetValue): Problem | null {
  if (widget.type !== "datepicker" || widget.disabled) return null;
  const days = (Array.isArray(value) ? (value as (string | null)[]) : [value]).filter((day) => typeof day === "string");
  for (const day of days) {
    // Days are written so that their order is that of their texts.
    if (widget.minDate !== null && day < widget.minDate) return { key: "early", day: widget.minDate };
    if (widget.maxDate !== null && day > widget.maxDate) return { key: "late", day: widget.maxDate };
  }
  const [first, last] = days;
  return first !== undefined && last !== undefined && first > last ? { key: "order", day: first } : null;
}
