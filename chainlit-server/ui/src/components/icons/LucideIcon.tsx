import { icons } from "lucide-react";

/** All icons by name are a large file: it is loaded when an application names one. */
export default function LucideIcon({ name }: { name: string }) {
  const key = pascalCase(name);
  const Known = Object.hasOwn(icons, key) ? icons[key as keyof typeof icons] : null;
  return Known === null ? null : <Known className="icon" strokeWidth={1.8} aria-hidden="true" />;
}

/** `arrow-up`, `ArrowUp` and `SEARCH` are names that applications write. */
function pascalCase(name: string): string {
  const parts = name === name.toUpperCase() ? name.toLowerCase().split("-") : name.split("-");
  return parts.map((part) => part.charAt(0).toUpperCase() + (parts.length > 1 ? part.slice(1).toLowerCase() : part.slice(1))).join("");
}
