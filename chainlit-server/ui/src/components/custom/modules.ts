import * as React from "react";

/** What an element may import; each comes when the first element wants it. */
const packages: Readonly<Record<string, () => Promise<unknown>>> = {
  react: () => Promise.resolve(React),
  zod: () => import("zod"),
  "react-hook-form": () => import("react-hook-form"),
  sonner: () => import("./packages/sonner"),
  "lucide-react": () => import("./packages/lucideReact").then((module) => module.default),
  "@/components/markdown": () => import("./packages/markdown"),
};

const ui = "@/components/ui/";

/** The module that an element asks for by name. Fails with the names that there are. */
export async function load(name: string): Promise<unknown> {
  const found = Object.hasOwn(packages, name) ? packages[name] : undefined;
  const loaded = (await (found === undefined ? loadUi(name) : found())) as object;
  // `import X from` reads `default`, which must not be looked for in a namespace that has none.
  return { default: loaded, ...loaded, __esModule: true };
}

async function loadUi(name: string): Promise<unknown> {
  const { components } = await import("./ui");
  const key = name.startsWith(ui) ? name.slice(ui.length) : "";
  if (Object.hasOwn(components, key)) return components[key as keyof typeof components];
  const known = [...Object.keys(packages), ...Object.keys(components).map((one) => ui + one)].join(", ");
  throw new Error(`It imports "${name}", which is not there. There is: ${known}`);
}
