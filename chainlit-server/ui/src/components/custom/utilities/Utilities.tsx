import { type ReactNode, useLayoutEffect, useRef } from "react";
import { ruleOf } from "./rules";

const known = new Set<string>();
/** So many names at most: an element that makes up names does not fill the page's memory. */
const most = 5000;
let sheet: CSSStyleSheet | null = null;

function learn(element: Element): void {
  for (const name of element.classList) {
    if (known.has(name) || known.size >= most) continue;
    known.add(name);
    const rule = ruleOf(name, ".custom-root");
    if (rule === null) continue;
    if (sheet === null) {
      sheet = new CSSStyleSheet();
      document.adoptedStyleSheets.push(sheet);
      sheet.insertRule(":where(.custom-root) :where(div, span, p, li, section) { border: 0 solid hsl(var(--border)); }");
    }
    // Rules for wide windows come last, so that they win.
    sheet.insertRule(rule, rule.startsWith("@media") ? sheet.cssRules.length : 1);
  }
}

function learnAll(root: Element): void {
  learn(root);
  for (const element of root.querySelectorAll("[class]")) learn(element);
}

/** The place of an element's content: names of Tailwind's classes mean there what they say. */
export function Utilities({ children }: { children: ReactNode }) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    learnAll(element);
    const watch = new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "attributes" && target instanceof Element) learn(target);
        for (const node of addedNodes) if (node instanceof Element) learnAll(node);
      }
    });
    watch.observe(element, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={root} className="custom-root">
      {children}
    </div>
  );
}
