import * as React from "react";
import * as jsxRuntime from "react/jsx-runtime";
import { type ComponentType, createElement } from "react";
import { load } from "./modules";

/** What the code of an element may call, besides what it imports. */
export type Globals = {
  updateElement: (props: Record<string, unknown>) => unknown;
  deleteElement: () => unknown;
  callAction: (action: { name: string; payload?: Record<string, unknown> }) => unknown;
  sendUserMessage: (text: string) => unknown;
  submitElement: (props?: Record<string, unknown>) => unknown;
  cancelElement: () => unknown;
};

export type Component = { View: ComponentType<{ props: Record<string, unknown> }> };

/** Makes a component that has the globals. */
export type Compiled = (globals: Globals) => Component;

type Module = {
  default: (
    require: (name: string) => unknown,
    exports: Record<string, unknown>,
    react: typeof React,
    globals: Globals,
  ) => (props: Record<string, unknown>) => void;
};

const globalNames = ["updateElement", "deleteElement", "callAction", "sendUserMessage", "submitElement", "cancelElement"];

/**
 * The code as a module of its own. `props` is a variable around it, so that functions of the element see the newest;
 * the element's own names, in a function inside, may hide it.
 */
const wrapped = (code: string, name: string) => `export default function (require, exports, React, globals) {
let props = {};
const { ${globalNames.join(", ")} } = globals;
(function (module) {
${code}
})({ exports });
return (next) => { props = next; };
}
//# sourceURL=/public/elements/${encodeURIComponent(name)}.js
`;

const known = new Map<string, Promise<Compiled>>();
const most = 64;

/** Compiles an element's JSX once. Fails with a sentence about what is wrong with it. */
export function compile(name: string, source: string): Promise<Compiled> {
  const key = `${name} ${source}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const compiling = build(name, source);
  known.set(key, compiling);
  // What did not load may load the next time.
  compiling.catch(() => known.delete(key));
  const oldest = known.keys().next();
  if (known.size > most && !oldest.done) known.delete(oldest.value);
  return compiling;
}

async function build(name: string, source: string): Promise<Compiled> {
  const { transform } = await import("sucrase");
  const { code } = transform(source, {
    transforms: ["jsx", "imports"],
    jsxRuntime: "automatic",
    production: true,
    filePath: `${name}.jsx`,
  });
  const modules = await modulesOf(code);
  const address = URL.createObjectURL(new Blob([wrapped(code, name)], { type: "text/javascript" }));
  let made: Module;
  try {
    made = (await import(/* @vite-ignore */ address)) as Module;
  } catch (failure) {
    throw explained(failure);
  } finally {
    URL.revokeObjectURL(address);
  }
  return (globals) => {
    const exports: Record<string, unknown> = {};
    const setProps = made.default((wanted) => modules.get(wanted), exports, React, globals);
    const main = exports["default"];
    if (typeof main !== "function") throw new Error(`${name}.jsx has to export a component: export default function …`);
    const Main = main as ComponentType;
    return {
      View: ({ props }) => {
        setProps(copied(props));
        // A new element each time: what it shows depends on a variable that React does not see.
        return createElement(Main);
      },
    };
  };
}

/** The element may write into its props; the page's state stays as it is. */
const copied = (props: Record<string, unknown>) => structuredClone(props);

async function modulesOf(code: string): Promise<Map<string, unknown>> {
  const modules = new Map<string, unknown>();
  for (const [, wanted = ""] of code.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    if (!modules.has(wanted)) modules.set(wanted, wanted === "react/jsx-runtime" ? jsxRuntime : await load(wanted));
  }
  return modules;
}

/** A browser that may not load the module says nothing of why. */
function explained(failure: unknown): Error {
  const text = failure instanceof Error ? failure.message : String(failure);
  if (failure instanceof SyntaxError) return failure;
  return new Error(`${text}. The content security policy of the page has to allow "script-src blob:".`);
}
