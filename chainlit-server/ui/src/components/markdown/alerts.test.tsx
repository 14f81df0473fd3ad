import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import { AppContext, type AppValue } from "../app/context";
import { advance, emptySplit } from "./blocks";
import { Markdown } from "./Markdown";

function render(text: string, style?: "classic" | "modern"): HTMLElement {
  const app = { t: createTranslate({}), settings: { ui: style && { alert_style: style } } } as AppValue;
  const place = document.createElement("div");
  place.innerHTML = renderToStaticMarkup(
    <AppContext.Provider value={app}>
      <Markdown text={text} growing={false} />
    </AppContext.Provider>,
  );
  return place;
}

const alerts = (page: HTMLElement) => [...page.querySelectorAll<HTMLElement>(".markdown-alert")];

describe("alerts", () => {
  it("stand out of the text, with a title in the page's language", () => {
    const page = render("before\n\n::: warning\n**Mind** the gap.\n\n- one\n:::\n\nafter");
    const [alert, ...more] = alerts(page);
    expect(more).toEqual([]);
    expect(alert?.dataset["kind"]).toBe("warning");
    expect(alert?.getAttribute("role")).toBe("note");
    expect(alert?.textContent).toBe("WarningMind the gap.one");
    expect(alert?.querySelector("strong")).not.toBeNull();
    expect(page.textContent).toMatch(/^before.*after$/s);
  });

  it("look as the settings say", () => {
    const classes = (style?: "classic" | "modern") => alerts(render("::: tip\nx\n:::", style))[0]?.className;
    expect(classes()).toBe("markdown-alert classic");
    expect(classes("classic")).toBe("markdown-alert classic");
    expect(classes("modern")).toBe("markdown-alert modern");
  });

  it("are of a known kind", () => {
    const kinds = alerts(render(":::Best_Practice\nx\n:::\n\n::: constructor\ny\n:::")).map((alert) => alert.dataset["kind"]);
    expect(kinds).toEqual(["best-practice", "info"]);
  });

  it("are not taken out of code, or out of a line", () => {
    expect(alerts(render("```\n::: tip\nx\n:::\n```\n\na ::: tip"))).toEqual([]);
  });

  it("stay one while they are being written, and show what is in them so far", () => {
    const text = "::: note\none\n\ntwo\n\nthree\n:::\n\nbehind";
    let split = emptySplit;
    for (let end = 1; end <= text.length; end += 1) split = advance(split, text.slice(0, end));
    expect(split).toEqual({ ...advance(emptySplit, text), stable: split.stable, tail: split.tail, tailBlocks: split.tailBlocks });
    expect([...split.stable.flat(), ...split.tailBlocks].map((block) => block.trim())).toEqual([
      "::: note\none\n\ntwo\n\nthree\n:::",
      "behind",
    ]);
    expect(alerts(render("::: note\none\n\ntwo"))[0]?.textContent).toBe("Noteonetwo");
  });

  it("neither nest nor run anything", () => {
    const page = render("::: tip\n".repeat(3_000) + "<img src=x onerror=alert(1)>");
    expect(alerts(page)).toHaveLength(1);
    expect(page.querySelector("img")).toBeNull();
  });
});
