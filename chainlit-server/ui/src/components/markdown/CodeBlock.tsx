import { useMemo } from "react";
import { useApp } from "../app/context";
import { CopyButton } from "../message/CopyButton";
import { useHighlight } from "./useHighlight";

type Props = { code: string; language: string; growing: boolean };

export function CodeBlock({ code, language, growing }: Props) {
  const { t } = useApp();
  const colours = useHighlight(code, language, growing);
  const plain = useMemo(() => code.slice(colours?.length ?? 0), [code, colours]);
  return (
    <figure className="code-block" dir="ltr">
      <figcaption>
        <span>{language === "" ? t("page.code") : language}</span>
        <CopyButton text={code} />
      </figcaption>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable */}
      <pre tabIndex={0}>
        <code>
          {colours?.nodes}
          {plain}
        </code>
      </pre>
    </figure>
  );
}
