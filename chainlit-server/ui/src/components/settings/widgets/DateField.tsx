import { useApp } from "../../app/context";
import type { FieldProps } from "../Field";

/** A day, or a first and a last one. The browser's own field knows the reader's calendar and way of writing. */
export function DateField({ widget, value, onChange, labelId, describedBy, invalid }: FieldProps) {
  const { t } = useApp();
  const shared = {
    type: "date",
    className: "text-field",
    min: widget.minDate ?? undefined,
    max: widget.maxDate ?? undefined,
    disabled: widget.disabled,
    "aria-describedby": describedBy,
    "aria-invalid": invalid || undefined,
  };
  if (!widget.range) {
    return (
      <input
        {...shared}
        id={widget.id}
        aria-labelledby={labelId}
        value={typeof value === "string" ? value : ""}
        onChange={(event) => onChange(event.target.value || null)}
      />
    );
  }
  const [first = null, last = null] = Array.isArray(value) ? (value as (string | null)[]) : [];
  return (
    <div id={widget.id} role="group" aria-labelledby={labelId} className="date-range">
      <input
        {...shared}
        aria-label={t("page.settings.firstDay")}
        value={first ?? ""}
        onChange={(event) => onChange([event.target.value || null, last])}
      />
      <span aria-hidden="true">–</span>
      <input
        {...shared}
        aria-label={t("page.settings.lastDay")}
        value={last ?? ""}
        onChange={(event) => onChange([first, event.target.value || null])}
      />
    </div>
  );
}
