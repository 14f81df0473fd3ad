import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import { AppContext, type AppValue } from "../app/context";
import { Markdown } from "./Markdown";

const app = { t: createTranslate({}) } as AppValue;

function render(text: string, growing = false): HTMLElement {
  const place = document.createElement("div");
  place.innerHTML = renderToStaticMarkup(
    <AppContext.Provider value={app}>
      <Markdown text={text} growing={growing} />
    </AppContext.Provider>,
  );
  return place;
}

describe("markdown", () => {
  it("draws what GFM has", () => {
    const page = render("# T\n\n**b** *i* ~~d~~ `c` https://a.example\n\n- [x] done\n\n3. three\n\n|a|b|\n|-|-:|\n|1|2|\n\n> q\n\n```js\nx\n```\n\n---");
    for (const tag of ["h2", "strong", "em", "del", "code", "a", "input[type=checkbox]", "ol[start='3']", "table", "th", "blockquote", "pre", "hr"]) {
      expect(page.querySelector(tag), tag).not.toBeNull();
    }
    expect(page.querySelector("td:last-child")?.getAttribute("style")).toContain("right");
    expect(page.querySelector(".task-item")?.textContent).toBe("done");
  });

  it("shows entities and escapes as characters, but not in code", () => {
    expect(render("a &amp; b &mdash; &#65; \\* `&amp;` &nosuch;").textContent).toBe("a & b — A * &amp; &nosuch;");
  });

  it("resolves links by name across blocks", () => {
    expect(render("see [one]\n\ntext\n\n[one]: https://a.example/x").querySelector("a")?.getAttribute("href")).toBe("https://a.example/x");
  });

  it("opens links apart and tells them nothing", () => {
    const link = render("[x](https://a.example)").querySelector("a");
    expect(link?.getAttribute("rel")).toContain("noopener");
    expect(link?.getAttribute("target")).toBe("_blank");
  });

  it("asks for no remote image, and shows its host", () => {
    const page = render("![alt](https://evil.example/x.png?data=secret) ![here](/public/a.png) ![d](data:image/png;base64,AA==)");
    expect([...page.querySelectorAll("img")].map((image) => image.getAttribute("alt"))).toEqual(["here", "d"]);
    expect(page.querySelector("button")?.textContent).toContain("evil.example");
    expect(page.innerHTML).not.toContain("secret");
  });

  it("survives deep nesting and masses of markers", () => {
    expect(() => render("> ".repeat(200) + "x")).not.toThrow();
    expect(() => render("*".repeat(3_000))).not.toThrow();
    expect(() => render("[".repeat(3_000))).not.toThrow();
  });
});

const hostile = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "text <b onmouseover=alert(1)>x</b>",
  "<div>\n\n<a href='javascript:alert(1)'>x</a>\n\n</div>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\u0000script:alert(1))",
  "[x](<java\tscript:alert(1)>)",
  "[x](&#106;avascript:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](vbscript:x) [x](data:text/html,x) [x](file:///etc/passwd) [x](blob:x)",
  "<javascript:alert(1)>",
  "[x]: javascript:alert(1)\n\n[x]",
  "![x](javascript:alert(1)) ![x](data:image/svg+xml;base64,AA==) ![x](data:text/html,x)",
  "![x](\"onerror=\"alert(1))",
  "```js\" onload=\"alert(1)\nx\n```",
  "```<img/src=x>\nx\n```",
  "| <script>x</script> |\n|-|\n| [x](javascript:1) |",
];

describe("hostile content", () => {
  it.each(hostile)("%j stays text", (text) => {
    for (const growing of [false, true]) {
      const page = render(text, growing);
      expect(page.querySelector("script, iframe, svg:not(.icon), object, embed, style, form")).toBeNull();
      for (const element of page.querySelectorAll("*")) {
        for (const { name, value } of element.attributes) {
          expect(name).not.toMatch(/^on/);
          if (name === "href" || name === "src") expect(value).not.toMatch(/^\s*(javascript|vbscript|file|blob|data:text|data:image\/svg)/i);
        }
      }
    }
  });
});
