import { useState } from "react";
import type { FieldProps } from "../Field";

export function NumberField({ widget, value, onChange, describedBy }: FieldProps) {
  const [text, setText] = useState(value === null ? "" : String(value));
  // Half a number (`-`, `1.`) is no value yet, and stays as it is typed.
  const shown = readNumber(text) === value ? text : value === null ? "" : String(value);
  return (
    <input
      id={widget.id}
      type="text"
      inputMode="decimal"
      autoComplete="off"
      className="text-field"
      value={shown}
      placeholder={widget.placeholder ?? undefined}
      disabled={widget.disabled}
      aria-describedby={describedBy}
      onChange={(event) => {
        const typed = event.target.value.replace(",", ".");
        if (!/^[-+]?\d*\.?\d*(e[-+]?\d*)?$/i.test(typed)) return;
        setText(typed);
        onChange(readNumber(typed));
      }}
    />
  );
}

function readNumber(text: string): number | null {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? null : number;
}
