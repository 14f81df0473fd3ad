/** Colours of the page's theme. */
const themed = new Set(
  ["background", "foreground", "border", "input", "ring"].concat(
    ["card", "popover", "primary", "secondary", "muted", "accent", "destructive"].flatMap((name) => [name, `${name}-foreground`]),
  ),
);

/** Hue and saturation of the named colours; how light they are is the number behind the name. */
const hues: Readonly<Record<string, readonly [number, number]>> = {
  slate: [215, 18], gray: [220, 9], zinc: [240, 5], neutral: [0, 0], stone: [25, 6], red: [0, 75], orange: [24, 90],
  amber: [38, 92], yellow: [48, 90], lime: [84, 75], green: [142, 65], emerald: [158, 70], teal: [174, 70], cyan: [189, 80],
  sky: [200, 85], blue: [217, 85], indigo: [239, 75], violet: [258, 80], purple: [271, 80], fuchsia: [292, 80],
  pink: [330, 80], rose: [348, 80],
};
const lightness: Readonly<Record<string, number>> = {
  50: 97, 100: 94, 200: 87, 300: 77, 400: 66, 500: 55, 600: 46, 700: 38, 800: 31, 900: 25, 950: 14,
};
const plain: Readonly<Record<string, string>> = { white: "0 0% 100%", black: "0 0% 0%" };

/** `primary`, `red-500`, `white/50`, `[#abc]` as CSS; null if it is no colour. */
export function colour(text: string): string | null {
  if (text === "transparent") return text;
  if (text === "current") return "currentColor";
  const literal = /^\[(#[\da-f]{3,8})\]$/i.exec(text)?.[1];
  if (literal !== undefined) return literal;
  const [name = "", alpha] = text.split("/");
  if (alpha !== undefined && !/^\d{1,3}$/.test(alpha)) return null;
  const parts = alpha === undefined ? "" : ` / ${Number(alpha) / 100}`;
  if (themed.has(name)) return `hsl(var(--${name})${parts})`;
  if (Object.hasOwn(plain, name)) return `hsl(${plain[name]}${parts})`;
  const [, hue = "", shade = ""] = /^([a-z]+)-(\d+)$/.exec(name) ?? [];
  if (!Object.hasOwn(hues, hue) || !Object.hasOwn(lightness, shade)) return null;
  const [angle, saturation] = hues[hue] ?? [0, 0];
  return `hsl(${angle} ${saturation}% ${lightness[shade]}%${parts})`;
}
