import { describe, expect, it, vi } from "vitest";
import { ruleOf } from "./rules";

// The test's DOM has no CSS.escape.
vi.stubGlobal("CSS", { escape: (name: string) => name.replace(/[^\w-]/g, "\\$&") });

describe("rules", () => {
  it.each([
    ["flex", ".c .flex{display:flex}"],
    ["p-4", ".c .p-4{padding:1rem}"],
    ["-mt-2", ".c .-mt-2{margin-top:-0.5rem}"],
    ["px-2.5", ".c .px-2\\.5{padding-inline:0.625rem}"],
    ["w-1/2", ".c .w-1\\/2{width:50%}"],
    ["h-full", ".c .h-full{height:100%}"],
    ["max-w-lg", ".c .max-w-lg{max-width:32rem}"],
    ["min-h-[13px]", ".c .min-h-\\[13px\\]{min-height:13px}"],
    ["grid-cols-2", ".c .grid-cols-2{grid-template-columns:repeat(2,minmax(0,1fr))}"],
    ["items-center", ".c .items-center{align-items:center}"],
    ["justify-between", ".c .justify-between{justify-content:space-between}"],
    ["space-y-4", ".c .space-y-4 > :not(:first-child){margin-block-start:1rem}"],
    ["text-sm", ".c .text-sm{font-size:0.875rem}"],
    ["text-muted-foreground", ".c .text-muted-foreground{color:hsl(var(--muted-foreground))}"],
    ["bg-primary/10", ".c .bg-primary\\/10{background-color:hsl(var(--primary) / 0.1)}"],
    ["bg-red-500", ".c .bg-red-500{background-color:hsl(0 75% 55%)}"],
    ["font-medium", ".c .font-medium{font-weight:500}"],
    ["rounded-full", ".c .rounded-full{border-radius:9999px}"],
    ["border-2", ".c .border-2{border-width:2px;border-style:solid}"],
    ["border-t", ".c .border-t{border-top-width:1px;border-top-style:solid}"],
    ["border-primary", ".c .border-primary{border-color:hsl(var(--primary))}"],
    ["hover:underline", ".c .hover\\:underline:hover{text-decoration-line:underline}"],
    ["dark:hidden", ":root.dark .c .dark\\:hidden{display:none}"],
    ["md:flex-row", "@media (min-width:48rem){.c .md\\:flex-row{flex-direction:row}}"],
  ])("%s", (name, rule) => {
    expect(ruleOf(name, ".c")).toBe(rule);
  });

  it.each(["", "p", "p-", "p-}", "w-[1px;color:red]", "bg-[url(https://evil.example)]", "text-[red}*{]", "constructor", "bg-__proto__", "nosuch:flex", "border-{"])(
    "%j means nothing",
    (name) => {
      expect(ruleOf(name, ".c")).toBeNull();
    },
  );
});
