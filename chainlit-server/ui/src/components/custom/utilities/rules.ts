// Tailwind's class names as CSS, so that an application's elements look as their authors meant. The rules are made from
// the names that an element uses; nothing else is there.
import { colour } from "./colours";

type Rule = { css: string; /** What of the element the rule is for. */ below?: string };

const fixed: Readonly<Record<string, string>> = {
  flex: "display:flex", "inline-flex": "display:inline-flex", grid: "display:grid", "inline-grid": "display:inline-grid",
  block: "display:block", "inline-block": "display:inline-block", inline: "display:inline", hidden: "display:none",
  contents: "display:contents", "flex-row": "flex-direction:row", "flex-col": "flex-direction:column",
  "flex-row-reverse": "flex-direction:row-reverse", "flex-col-reverse": "flex-direction:column-reverse",
  "flex-wrap": "flex-wrap:wrap", "flex-nowrap": "flex-wrap:nowrap", "flex-1": "flex:1 1 0%", "flex-auto": "flex:1 1 auto",
  "flex-none": "flex:none", grow: "flex-grow:1", "grow-0": "flex-grow:0", "flex-grow": "flex-grow:1", shrink: "flex-shrink:1",
  "shrink-0": "flex-shrink:0", "flex-shrink-0": "flex-shrink:0", "mx-auto": "margin-inline:auto", "ml-auto": "margin-left:auto",
  "mr-auto": "margin-right:auto", "mt-auto": "margin-top:auto", relative: "position:relative", absolute: "position:absolute",
  sticky: "position:sticky", static: "position:static", italic: "font-style:italic", "not-italic": "font-style:normal",
  underline: "text-decoration-line:underline", "line-through": "text-decoration-line:line-through",
  "no-underline": "text-decoration-line:none", uppercase: "text-transform:uppercase", lowercase: "text-transform:lowercase",
  capitalize: "text-transform:capitalize", truncate: "overflow:hidden;text-overflow:ellipsis;white-space:nowrap",
  "break-words": "overflow-wrap:break-word", "break-all": "word-break:break-all", "tabular-nums": "font-variant-numeric:tabular-nums",
  "font-mono": "font-family:var(--font-mono)", "font-sans": "font-family:var(--font-sans)", "list-disc": "list-style-type:disc",
  "list-decimal": "list-style-type:decimal", "list-none": "list-style-type:none", "list-inside": "list-style-position:inside",
  "pointer-events-none": "pointer-events:none", "select-none": "user-select:none", "sr-only":
    "position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap",
  border: "border-width:1px;border-style:solid", "border-dashed": "border-style:dashed", "border-dotted": "border-style:dotted",
  "border-none": "border-style:none", "animate-spin": "animation:turn 1s linear infinite",
  "animate-pulse": "animation:element-wait 1s infinite alternate ease-in-out", transition: "transition:all 0.15s",
  "transition-all": "transition:all 0.15s", "transition-colors": "transition:color 0.15s,background-color 0.15s,border-color 0.15s",
  "transition-opacity": "transition:opacity 0.15s", "transition-transform": "transition:transform 0.15s",
  "aspect-square": "aspect-ratio:1", "aspect-video": "aspect-ratio:16/9", "shadow-none": "box-shadow:none",
  "rounded-none": "border-radius:0", "text-left": "text-align:left", "text-center": "text-align:center",
  "text-right": "text-align:right", "text-start": "text-align:start", "text-end": "text-align:end", "text-justify": "text-align:justify",
  "leading-none": "line-height:1", "leading-tight": "line-height:1.25", "leading-snug": "line-height:1.375",
  "leading-normal": "line-height:1.5", "leading-relaxed": "line-height:1.625", "leading-loose": "line-height:2",
  "tracking-tight": "letter-spacing:-0.025em", "tracking-wide": "letter-spacing:0.025em", "tracking-wider": "letter-spacing:0.05em",
  "tracking-widest": "letter-spacing:0.1em", "outline-none": "outline:none", "overflow-ellipsis": "text-overflow:ellipsis",
};

const aligned: Readonly<Record<string, string>> = {
  start: "flex-start", end: "flex-end", center: "center", between: "space-between", around: "space-around", evenly: "space-evenly",
  stretch: "stretch", baseline: "baseline",
};
const textSizes: Readonly<Record<string, string>> = {
  xs: "0.75rem", sm: "0.875rem", base: "1rem", lg: "1.125rem", xl: "1.25rem", "2xl": "1.5rem", "3xl": "1.875rem", "4xl": "2.25rem",
  "5xl": "3rem", "6xl": "3.75rem", "7xl": "4.5rem",
};
const weights: Readonly<Record<string, number>> = {
  thin: 100, light: 300, normal: 400, medium: 500, semibold: 600, bold: 700, extrabold: 800, black: 900,
};
const radii: Readonly<Record<string, string>> = {
  "": "0.25rem", sm: "calc(var(--radius) - 0.5rem)", md: "calc(var(--radius) - 0.35rem)", lg: "var(--radius)", xl: "calc(var(--radius) + 0.25rem)",
  "2xl": "calc(var(--radius) + 0.5rem)", "3xl": "1.5rem", full: "9999px",
};
const widths: Readonly<Record<string, string>> = {
  xs: "20rem", sm: "24rem", md: "28rem", lg: "32rem", xl: "36rem", "2xl": "42rem", "3xl": "48rem", "4xl": "56rem", "5xl": "64rem",
  "6xl": "72rem", "7xl": "80rem", prose: "65ch",
};
const shadows: Readonly<Record<string, string>> = {
  "": "0 1px 3px hsl(0 0% 0%/0.12)", sm: "0 1px 2px hsl(0 0% 0%/0.08)", md: "0 3px 8px hsl(0 0% 0%/0.12)", lg: "0 8px 18px hsl(0 0% 0%/0.14)",
  xl: "0 16px 30px hsl(0 0% 0%/0.16)", "2xl": "0 24px 48px hsl(0 0% 0%/0.24)",
};
const sides: Readonly<Record<string, readonly string[]>> = {
  "": [""], x: ["-inline"], y: ["-block"], t: ["-top"], r: ["-right"], b: ["-bottom"], l: ["-left"], s: ["-inline-start"], e: ["-inline-end"],
};
const corners: Readonly<Record<string, readonly string[]>> = {
  t: ["-top-left", "-top-right"], b: ["-bottom-left", "-bottom-right"], l: ["-top-left", "-bottom-left"], r: ["-top-right", "-bottom-right"],
};

/** `4`, `2.5`, `px`, `1/2`, `full`, `[13px]` as a length; null if it is none. */
function length(text: string, screen = "100vw"): string | null {
  const literal = /^\[(-?[\d.]+(?:px|rem|em|%|vh|vw|dvh|ch|fr)?)\]$/.exec(text)?.[1];
  if (literal !== undefined) return literal;
  if (/^\d+(\.\d+)?$/.test(text)) return `${Number(text) * 0.25}rem`;
  const [, part, whole] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (part !== undefined && Number(whole) > 0) return `${(Number(part) / Number(whole)) * 100}%`;
  const words: Record<string, string> = { px: "1px", full: "100%", auto: "auto", fit: "fit-content", min: "min-content", max: "max-content", screen, none: "none" };
  return Object.hasOwn(words, text) ? (words[text] ?? null) : null;
}

const get = (map: Readonly<Record<string, string>>, key: string) => (Object.hasOwn(map, key) ? (map[key] ?? null) : null);
const css = (property: string, value: string | null): Rule | null => (value === null ? null : { css: `${property}:${value}` });

type Maker = (match: readonly string[]) => Rule | null;

const makers: readonly (readonly [RegExp, Maker])[] = [
  [/^([pm])([xytrblse]?)-(.+)$/, ([, kind, side = "", size = ""]) => {
    const value = length(size);
    const name = kind === "p" ? "padding" : "margin";
    return value === null ? null : { css: (sides[side] ?? []).map((one) => `${name}${one}:${value}`).join(";") };
  }],
  [/^gap(-[xy])?-(.+)$/, ([, axis, size = ""]) => css(axis === "-x" ? "column-gap" : axis === "-y" ? "row-gap" : "gap", length(size))],
  [/^space-([xy])-(.+)$/, ([, axis, size = ""]) => {
    const rule = css(axis === "x" ? "margin-inline-start" : "margin-block-start", length(size));
    return rule && { ...rule, below: " > :not(:first-child)" };
  }],
  [/^divide-([xy])$/, ([, axis]) => ({
    css: `border:0 solid hsl(var(--border));border-${axis === "x" ? "inline" : "block"}-start-width:1px`,
    below: " > :not(:first-child)",
  })],
  [/^(min-w|max-w|w|min-h|max-h|h)-(.+)$/, ([, kind = "", size = ""]) => {
    const name = kind.replace(/[wh]$/, (letter) => (letter === "w" ? "width" : "height"));
    const value = (kind === "max-w" ? get(widths, size) : null) ?? length(size, kind.endsWith("h") ? "100dvh" : "100vw");
    return css(name, value);
  }],
  [/^size-(.+)$/, ([, size = ""]) => {
    const value = length(size);
    return value === null ? null : { css: `width:${value};height:${value}` };
  }],
  [/^grid-(cols|rows)-(\d+)$/, ([, kind, count]) => css(`grid-template-${kind === "cols" ? "columns" : "rows"}`, `repeat(${count},minmax(0,1fr))`)],
  [/^(col|row)-span-(\d+|full)$/, ([, kind, count]) => css(`grid-${kind === "col" ? "column" : "row"}`, count === "full" ? "1/-1" : `span ${count}/span ${count}`)],
  [/^(items|self)-(.+)$/, ([, kind, how = ""]) => css(kind === "items" ? "align-items" : "align-self", get(aligned, how))],
  [/^(justify|content)-(.+)$/, ([, kind, how = ""]) => css(`${kind === "justify" ? "justify" : "align"}-content`, get(aligned, how))],
  [/^(justify-items|justify-self|place-items|place-content)-(.+)$/, ([, kind = "", how = ""]) => css(kind, get(aligned, how))],
  [/^text-(.+)$/, ([, what = ""]) => css("font-size", get(textSizes, what)) ?? css("color", colour(what)) ?? css("font-size", length(what.startsWith("[") ? what : ""))],
  [/^font-(.+)$/, ([, what = ""]) => (Object.hasOwn(weights, what) ? { css: `font-weight:${weights[what]}` } : null)],
  [/^leading-(\d+)$/, ([, size = ""]) => css("line-height", length(size))],
  [/^line-clamp-(\d+)$/, ([, count]) => ({ css: `display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:${count};overflow:hidden` })],
  [/^whitespace-(normal|nowrap|pre|pre-wrap|pre-line)$/, ([, how = ""]) => css("white-space", how)],
  [/^bg-(.+)$/, ([, what = ""]) => css("background-color", colour(what))],
  [/^(fill|stroke|accent|caret)-(.+)$/, ([, kind = "", what = ""]) => css(kind === "accent" || kind === "caret" ? `${kind}-color` : kind, colour(what))],
  [/^border(-[trblxyse])?-?(\d*)$/, ([, side = "", size = ""]) => {
    const width = `${size === "" ? 1 : Number(size)}px`;
    return { css: (sides[side.slice(1)] ?? []).map((one) => `border${one}-width:${width};border${one}-style:solid`).join(";") };
  }],
  [/^border-(.+)$/, ([, what = ""]) => css("border-color", colour(what))],
  [/^rounded(?:-([tblr]))?(?:-(sm|md|lg|xl|2xl|3xl|full))?$/, ([, side = "", size = ""]) => {
    const value = get(radii, size);
    if (value === null) return null;
    return { css: (corners[side] ?? [""]).map((one) => `border${one}-radius:${value}`).join(";") };
  }],
  [/^shadow(?:-(sm|md|lg|xl|2xl))?$/, ([, size = ""]) => css("box-shadow", get(shadows, size))],
  [/^opacity-(\d{1,3})$/, ([, value]) => css("opacity", String(Number(value) / 100))],
  [/^z-(\d{1,2})$/, ([, value = ""]) => css("z-index", value)],
  [/^(inset|top|right|bottom|left|start|end|inset-x|inset-y)-(.+)$/, ([, kind = "", size = ""]) => {
    const names: Record<string, string> = { start: "inset-inline-start", end: "inset-inline-end", "inset-x": "inset-inline", "inset-y": "inset-block" };
    return css(names[kind] ?? kind, length(size));
  }],
  [/^overflow(-[xy])?-(auto|hidden|visible|scroll|clip)$/, ([, axis = "", how = ""]) => css(`overflow${axis}`, how)],
  [/^object-(cover|contain|fill|none|center|top|bottom)$/, ([, how = ""]) => css(["center", "top", "bottom"].includes(how) ? "object-position" : "object-fit", how)],
  [/^cursor-(pointer|default|not-allowed|grab|move|help|wait|text)$/, ([, how = ""]) => css("cursor", how)],
  [/^duration-(\d+)$/, ([, value]) => css("transition-duration", `${value}ms`)],
  [/^rotate-(\d+)$/, ([, value]) => css("rotate", `${value}deg`)],
  [/^scale-(\d+)$/, ([, value]) => css("scale", String(Number(value) / 100))],
  [/^order-(\d+)$/, ([, value = ""]) => css("order", value)],
];

const states: Readonly<Record<string, string>> = {
  hover: ":hover", focus: ":focus", "focus-visible": ":focus-visible", "focus-within": ":focus-within", active: ":active",
  disabled: ":disabled", first: ":first-child", last: ":last-child", odd: ":nth-child(odd)", even: ":nth-child(even)", checked: ":checked",
};
const screens: Readonly<Record<string, string>> = { sm: "40rem", md: "48rem", lg: "64rem", xl: "80rem" };

const negated = (text: string) => text.replace(/:(?!-)([\d.]+(?:px|rem|%))/g, ":-$1");

/** The rule for one class name below `scope`, or null if it is none that is known here. */
export function ruleOf(name: string, scope: string): string | null {
  const parts = name.split(":");
  const utility = parts.pop() ?? "";
  const negative = utility.startsWith("-");
  const wanted = negative ? utility.slice(1) : utility;
  const rule = Object.hasOwn(fixed, wanted) ? { css: fixed[wanted] ?? "" } : made(wanted);
  if (rule === null) return null;

  let selector = `${scope} .${CSS.escape(name)}`;
  let screen: string | null = null;
  for (const part of parts) {
    if (Object.hasOwn(states, part)) selector += states[part];
    else if (part === "dark") selector = `:root.dark ${selector}`;
    else if (part === "group-hover") selector = selector.replace(`${scope} `, `${scope} .group:hover `);
    else if (Object.hasOwn(screens, part)) screen = screens[part] ?? null;
    else return null;
  }
  const text = `${selector}${rule.below ?? ""}{${negative ? negated(rule.css) : rule.css}}`;
  return screen === null ? text : `@media (min-width:${screen}){${text}}`;
}

function made(utility: string): Rule | null {
  for (const [pattern, make] of makers) {
    const match = pattern.exec(utility);
    const rule = match && make(match as unknown as string[]);
    if (rule) return rule;
  }
  return null;
}
