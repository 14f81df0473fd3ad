import { lazy, memo, Suspense } from "react";
import type { ElementDict } from "../../client/protocol";
import { useApp } from "../app/context";
import { Boundary } from "./Boundary";
import { Failed, Loading } from "./Failed";
import { FileElement } from "./FileElement";
import { ImageElement } from "./ImageElement";
import { AudioElement, VideoElement } from "./MediaElements";
import { RemoteGate } from "./RemoteGate";
import { shownName, useSource } from "./source";
import { TextElement } from "./TextElement";
import "./elements.css";

/** What those that show one kind of element get. */
export type ShownProps = { element: ElementDict; url: string; name: string; display: Display };

export type Display = "inline" | "side" | "page";

// What is heavy or rare comes when it is needed.
const kinds = {
  image: ImageElement,
  audio: AudioElement,
  video: VideoElement,
  text: TextElement,
  pdf: lazy(() => import("./pdf/PdfElement")),
  plotly: lazy(() => import("./plotly/PlotlyElement")),
  dataframe: lazy(() => import("./dataframe/DataframeElement")),
};
const CustomElement = lazy(() => import("../custom/CustomElement"));

type Props = { element: ElementDict; display: Display };

/** An element in a message, beside the conversation or on its own page. */
export const Element = memo(function Element({ element, display }: Props) {
  const { t } = useApp();
  const name = shownName(element) || t("page.elements.unnamed");
  if (element.type === "tasklist") return null;
  return (
    <Boundary name={name} resetKey={element} onError={() => <Failed name={name} />}>
      <Suspense fallback={<Loading />}>
        {element.type === "custom" ? (
          <div className={`${display}-custom`}>
            <CustomElement element={element} />
          </div>
        ) : (
          <WithContent element={element} display={display} name={name} />
        )}
      </Suspense>
    </Boundary>
  );
});

function WithContent({ element, display, name }: Props & { name: string }) {
  const source = useSource(element);
  const Kind = element.type !== undefined && Object.hasOwn(kinds, element.type) ? kinds[element.type as keyof typeof kinds] : null;
  if (Kind === null) {
    if (source.kind === "none") return <span className="dead-link">{name}</span>;
    return <FileElement name={name} url={source.url} host={source.kind === "remote" ? source.host : null} display={display} />;
  }
  return (
    <div className={`${display}-${element.type}`}>
      <RemoteGate source={source} name={name}>
        {(url) => <Kind element={element} url={url} name={name} display={display} />}
      </RemoteGate>
    </div>
  );
}
