import type { ChangeEvent } from "react";
import type { FieldProps } from "../Field";

export function TextField({ widget, value, onChange, describedBy }: FieldProps) {
  const shared = {
    id: widget.id,
    className: "text-field",
    dir: "auto",
    value: typeof value === "string" ? value : "",
    placeholder: widget.placeholder ?? undefined,
    disabled: widget.disabled,
    "aria-describedby": describedBy,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.target.value),
  };
  return widget.multiline ? <textarea rows={4} {...shared} /> : <input type="text" autoComplete="off" {...shared} />;
}
