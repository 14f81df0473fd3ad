import { memo, useContext, useMemo, useRef } from "react";
import { AppContext } from "../app/context";
import { linkNames, type Names } from "../elements/linked";
import { blocks } from "./block";
import { advance, type Definitions, emptySplit, parseBlock, sectionsOf, type Split } from "./blocks";
import { LongText } from "./LongText";
import "./markdown.css";
import "./code.css";

/** One block may be this long before it is shown as plain text. */
const longestBlock = 100_000;

type Shared = { definitions: Definitions; names: Names | null; growing: boolean; math: boolean };
type BlockProps = Shared & { source: string };

const Block = memo(function Block({ source, definitions, names, growing, math }: BlockProps) {
  const tokens = useMemo(() => {
    if (source.length > longestBlock) return null;
    const parsed = parseBlock(source, definitions, math);
    return names === null ? parsed : linkNames(parsed, names);
  }, [source, definitions, names, math]);
  return tokens === null ? <LongText text={source} /> : blocks(tokens, growing);
}, sameBlock);

/** New link targets matter only to a block that may use one. */
function sameBlock(before: BlockProps, after: BlockProps): boolean {
  return (
    before.source === after.source &&
    before.growing === after.growing &&
    before.math === after.math &&
    before.names === after.names &&
    (before.definitions === after.definitions || !after.source.includes("["))
  );
}

type SectionProps = Shared & { list: readonly string[] };

const Section = memo(function Section({ list, definitions, names, growing, math }: SectionProps) {
  const last = list.length - 1;
  return (
    <div className="section">
      {list.map((source, at) => (
        <Block
          key={at}
          source={source}
          definitions={definitions}
          names={names}
          growing={growing && at === last}
          math={math}
        />
      ))}
    </div>
  );
});

type Props = { text: string; growing: boolean; names?: Names | null };

/** Markdown that may still grow: what is complete is parsed and painted once. `names` of elements become links. */
export const Markdown = memo(function Markdown({ text, growing, names = null }: Props) {
  const math = useContext(AppContext)?.settings?.features?.latex === true;
  const before = useRef<Split>(emptySplit);
  const split = useMemo(() => {
    // The previous cut is only a short cut: from any other one the same result follows.
    // eslint-disable-next-line react-hooks/refs
    const next = advance(before.current, text, math);
    // eslint-disable-next-line react-hooks/refs
    before.current = next;
    return next;
  }, [text, math]);
  const sections = useMemo(() => sectionsOf(split), [split]);
  return (
    <div className={growing ? "markdown growing" : "markdown"}>
      {sections.map((list, at) => (
        <Section
          key={at}
          list={list}
          definitions={split.definitions}
          names={names}
          growing={growing && at === sections.length - 1}
          math={math}
        />
      ))}
    </div>
  );
});
