import { icons } from "lucide";
import { createElement, type ReactNode } from "react";

export type Shape = readonly (readonly [string, Readonly<Record<string, string | number | undefined>>])[];

/** All icons of lucide by name, as `StarHalf`. */
export const shapes = icons as unknown as Readonly<Record<string, Shape>>;

/** `star-half`, `star_half` and `STAR_HALF` mean the same as `StarHalf`. */
const pascal = (name: string) =>
  (name === name.toUpperCase() ? name.toLowerCase() : name)
    .split(/[-_ ]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");

export function shapeOf(name: string): Shape | null {
  const key = pascal(name);
  return Object.hasOwn(shapes, key) ? (shapes[key] ?? null) : null;
}

const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const drawn = (shape: Shape): ReactNode =>
  shape.map(([tag, attributes], key) =>
    createElement(tag, { key, ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [camel(name), value])) }),
  );
