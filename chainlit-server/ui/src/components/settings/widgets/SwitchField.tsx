import type { FieldProps } from "../Field";

export function SwitchField({ widget, value, onChange, describedBy }: FieldProps) {
  return (
    <input
      id={widget.id}
      type="checkbox"
      role={widget.type === "switch" ? "switch" : undefined}
      className={widget.type === "switch" ? "switch" : "checkbox"}
      checked={value === true}
      disabled={widget.disabled}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
