import { type KeyboardEvent, useState } from "react";
import type { FieldProps } from "../Field";

/** So many digits stand after the point of a step: 0.1 added ten times is to be 1. */
function digitsOf(step: number): number {
  const text = String(step);
  const [digits = "", exponent = "0"] = text.split("e-");
  return Math.min(20, (digits.split(".")[1]?.length ?? 0) + Number(exponent));
}

export function SliderField({ widget, value, onChange, labelId, describedBy }: FieldProps) {
  const { min, max, step } = widget;
  const now = typeof value === "number" ? value : min;
  const digits = Math.max(digitsOf(step), digitsOf(min));
  const set = (next: number) => onChange(Number(Math.min(max, Math.max(min, next)).toFixed(digits)));

  const onKeyDown = (event: KeyboardEvent) => {
    const forwards = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backwards = forwards === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const to = {
      [forwards]: now + step,
      ArrowUp: now + step,
      [backwards]: now - step,
      ArrowDown: now - step,
      PageUp: now + 10 * step,
      PageDown: now - 10 * step,
      Home: min,
      End: max,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to);
  };
  return (
    <div id={widget.id} className="slider">
      {/* eslint-disable-next-line jsx-a11y/no-redundant-roles -- tests and styles of applications look for the role */}
      <input
        type="range"
        role="slider"
        aria-labelledby={labelId}
        aria-describedby={describedBy}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuenow={now}
        min={min}
        max={max}
        step={step}
        value={now}
        disabled={widget.disabled}
        onChange={(event) => set(Number(event.target.value))}
        onKeyDown={onKeyDown}
      />
      <NumberBox min={min} max={max} step={step} value={now} disabled={widget.disabled} labelId={labelId} onChange={set} />
    </div>
  );
}

type BoxProps = {
  min: number;
  max: number;
  step: number;
  value: number;
  disabled: boolean;
  labelId: string;
  onChange: (value: number) => void;
};

/** The value in figures, which can be typed as well: it counts when it is complete. */
function NumberBox({ value, labelId, onChange, ...limits }: BoxProps) {
  const [text, setText] = useState<string | null>(null);
  const commit = () => {
    const typed = Number(text);
    if (text !== null && text.trim() !== "" && Number.isFinite(typed)) onChange(typed);
    setText(null);
  };
  return (
    <input
      type="number"
      className="slider-value"
      aria-labelledby={labelId}
      value={text ?? value}
      {...limits}
      onChange={(event) => {
        const typed = event.target.valueAsNumber;
        // Half of a number may lie outside, where the whole does not.
        if (typed >= limits.min && typed <= limits.max) {
          setText(null);
          onChange(typed);
        } else setText(event.target.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
    />
  );
}
