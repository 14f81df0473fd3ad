import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import { AppContext, type AppValue } from "../app/context";
import { Markdown } from "./Markdown";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let place: HTMLElement;
let root: Root;

beforeEach(() => {
  place = document.createElement("div");
  root = createRoot(place);
});

afterEach(() => act(() => root.unmount()));

async function render(text: string, latex = true): Promise<void> {
  const app = { t: createTranslate({}), settings: { features: { latex } } } as AppValue;
  await act(async () => {
    root.render(
      <AppContext.Provider value={app}>
        <Markdown text={text} growing={false} />
      </AppContext.Provider>,
    );
  });
  // What draws formulas comes on demand.
  await vi.waitFor(async () => {
    await act(async () => {
      await import("./FormulaDrawn");
    });
    if (latex) expect([...place.querySelectorAll(".formula-source")].filter((one) => !one.textContent.includes("bad"))).toEqual([]);
  });
}

const formulas = () => [...place.querySelectorAll(".formula annotation")].map((one) => one.textContent);

describe("formulas", () => {
  it("are drawn in a line and on lines of their own", async () => {
    await render("Euler: $e^{i\\pi} = -1$, and $$x^2$$\n\n$$\n\\frac{1}{2}\n$$\n\nend");
    expect(formulas()).toEqual(["e^{i\\pi} = -1", "x^2", "\\frac{1}{2}"]);
    expect([...place.querySelectorAll(".formula")].map((one) => one.className)).toEqual(["formula", "formula display", "formula display"]);
    expect(place.querySelector("math")).not.toBeNull();
  });

  it("are text unless the application wants them", async () => {
    await render("$x$ and\n\n$$\ny\n$$", false);
    expect(place.querySelector(".formula, .formula-source")).toBeNull();
    expect(place.textContent).toContain("$x$");
  });

  it("are not made of money or of code", async () => {
    await render("It costs $5 and $10; \\$x\\$ and `$y$`.\n\n```\n$z$\n```");
    expect(place.querySelector(".formula, .formula-source")).toBeNull();
    expect(place.textContent).toContain("It costs $5 and $10; $x$ and $y$.");
  });

  it("show their source when they are wrong", async () => {
    await render("$\\bad{$ and $y$");
    expect(place.querySelector(".formula-source")?.textContent).toBe("\\bad{");
    expect(formulas()).toEqual(["y"]);
  });

  it("bring no links, pictures, attributes or sizes without end", async () => {
    const hostile = [
      "\\href{javascript:alert(1)}{x}",
      "\\url{https://evil.example}",
      "\\includegraphics{https://evil.example/x.png}",
      "\\htmlId{root}{x}",
      "\\htmlStyle{position:fixed}{x}",
      "\\rule{9999em}{9999em}",
    ];
    await render(hostile.map((one) => `$${one}$`).join("\n\n"));
    expect(place.querySelectorAll(".formula")).toHaveLength(hostile.length);
    expect(place.querySelector("a, img, [id], [href], [src], [style*=fixed], [style*='9999']")).toBeNull();
  });

  it("end: macros that call themselves, deep nesting, masses of dollars", async () => {
    await render(
      ["$\\def\\bad{\\bad\\bad}\\bad$", `$$${"{".repeat(900)}bad$$`, `$$\nbad${"x".repeat(5_000)}\n$$`].join("\n\n"),
    );
    expect(place.querySelectorAll(".formula-source")).toHaveLength(3);
    await render("$a ".repeat(5_000) + "\n\n" + "$".repeat(5_000));
    expect(formulas()).toEqual([]);
  });
});
