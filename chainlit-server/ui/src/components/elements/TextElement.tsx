import { useId, useState } from "react";
import { useApp } from "../app/context";
import { CodeBlock } from "../markdown/CodeBlock";
import { Markdown } from "../markdown/Markdown";
import type { ShownProps } from "./Element";
import { Failed, Loading } from "./Failed";
import { useContent } from "./useContent";

/** A text in a message is folded when it has more than this. */
const longestInline = { characters: 3000, lines: 40 };

const isLong = (text: string) =>
  text.length > longestInline.characters || text.split("\n", longestInline.lines + 1).length > longestInline.lines;

/** A text: code in its language, or else Markdown. */
export function TextElement({ element, url, name, display }: ShownProps) {
  const { t } = useApp();
  const content = useContent(url);
  const [all, setAll] = useState(false);
  const id = useId();
  if (content.phase === "loading") return <Loading />;
  if (content.phase !== "done") {
    return <Failed name={name} url={url} text={content.phase === "failed" ? "page.elements.failed" : "page.elements.tooLarge"} />;
  }
  const long = display === "inline" && isLong(content.text);
  return (
    <>
      <div className="media-name" dir="auto">
        {name}
      </div>
      <div id={id} className={long && !all ? "text-frame folded" : "text-frame"} dir="auto">
        {element.language ? (
          <CodeBlock code={content.text} language={element.language} growing={false} />
        ) : (
          <Markdown text={content.text} growing={false} />
        )}
      </div>
      {long && (
        <button type="button" className="button quiet" aria-expanded={all} aria-controls={id} onClick={() => setAll(!all)}>
          {t(all ? "page.elements.showLess" : "page.elements.showAll")}
        </button>
      )}
    </>
  );
}
