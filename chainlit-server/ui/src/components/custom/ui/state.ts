import { useState } from "react";

/** A value that the element holds (`value`) or that is held here (`initial`). */
export function useHeld<T>(value: unknown, initial: T, onChange: unknown): [T, (next: T) => void] {
  const [own, setOwn] = useState(initial);
  const change = (next: T) => {
    if (value === undefined) setOwn(next);
    if (typeof onChange === "function") (onChange as (next: T) => void)(next);
  };
  return [value === undefined ? own : (value as T), change];
}
