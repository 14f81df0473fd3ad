import type { FieldProps } from "../Field";

export function RadioField({ widget, value, onChange, labelId, describedBy }: FieldProps) {
  return (
    <div id={widget.id} role="radiogroup" aria-labelledby={labelId} aria-describedby={describedBy} className="radios">
      {widget.items.map((item) => (
        <label key={item.value}>
          <input
            type="radio"
            name={widget.id}
            value={item.value}
            checked={item.value === value}
            disabled={widget.disabled}
            onChange={() => onChange(item.value)}
          />
          <span dir="auto">{item.label}</span>
        </label>
      ))}
    </div>
  );
}
