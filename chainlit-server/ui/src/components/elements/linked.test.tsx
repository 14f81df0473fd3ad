import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import type { ElementDict } from "../../client/protocol";
import { AppContext, type AppValue } from "../app/context";
import { Markdown } from "../markdown/Markdown";
import { isNamed, namesOf } from "./linked";

const app = { t: createTranslate({}), root: "/x" } as AppValue;

function links(text: string, ...elements: ElementDict[]): (string | null)[] {
  const place = document.createElement("div");
  place.innerHTML = renderToStaticMarkup(
    <AppContext.Provider value={app}>
      <Markdown text={text} growing={false} names={namesOf(elements)} />
    </AppContext.Provider>,
  );
  return [...place.querySelectorAll(".element-link")].map((link) => link.textContent);
}

const element = (name: string, id = name): ElementDict => ({ id, name, display: "side" });

it("links the longest name first, in paragraphs, lists, tables and headings", () => {
  const [report, second] = [element("report"), element("report 2")];
  expect(links("see report 2, then **report**.", report, second)).toEqual(["report 2", "report"]);
  expect(links("# report\n\n- report\n\n|report|\n|-|\n|a report|", report)).toEqual(["report", "report", "report", "report"]);
});

it("links nothing in code, links and other words", () => {
  expect(links("`report` [report](https://a.example) reports myreport\n\n```\nreport\n```", element("report"))).toEqual([]);
});

it("takes names as they are: signs, entities, other alphabets", () => {
  expect(links("a.b (c) and AT&amp;T, été", element("a.b (c)"), element("AT&T"), element("été"))).toEqual(["a.b (c)", "AT&T", "été"]);
  expect(links("aXb (c)", element("a.b (c)"))).toEqual([]);
});

it("leads to the element's page, whatever its id", () => {
  const place = document.createElement("div");
  place.innerHTML = renderToStaticMarkup(
    <AppContext.Provider value={app}>
      <Markdown text="open it" growing={false} names={namesOf([element("it", "javascript:alert(1)/../..")])} />
    </AppContext.Provider>,
  );
  expect(place.querySelector("a")?.getAttribute("href")).toBe("/x/element/javascript%3Aalert(1)%2F..%2F..");
});

it("knows whether a text has a link to an element", () => {
  const report = element("report");
  for (const text of ["a report.", "# report", "`x` report"]) expect(isNamed(text, report), text).toBe(true);
  for (const text of ["", "reports", "`report`", "```\nreport\n```", "```\nreport"]) expect(isNamed(text, report), text).toBe(false);
  expect(isNamed("anything", { id: "a", name: "" })).toBe(false);
});
