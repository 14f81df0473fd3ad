import { newPlot, Plots, purge } from "plotly.js-cartesian-dist-min";
import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "../../../client/hooks";
import { useApp } from "../../app/context";
import { theme } from "../../theme/theme";
import type { ShownProps } from "../Element";
import { Failed, Loading } from "../Failed";
import { useContent } from "../useContent";
import { dressed, readFigure } from "./figure";

/** A chart made with Plotly: lines, bars, pies, histograms, heat maps and what else has two axes. */
export default function PlotlyElement({ url, name }: ShownProps) {
  const { t } = useApp();
  const content = useContent(url);
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const shown = useStore(theme.shown);
  const text = content.phase === "done" ? content.text : null;
  const figure = useMemo(() => (text === null ? null : readFigure(text)), [text]);

  useEffect(() => {
    const element = place.current;
    if (element === null || figure === null) return;
    // The library writes into what it is given.
    const { data, layout, config } = structuredClone(figure);
    const fitted: Record<string, unknown> = { ...dressed(layout, getComputedStyle(element)), autosize: true };
    delete fitted["width"];
    newPlot(element, data, fitted, { ...config, responsive: false, displaylogo: false }).then(
      () => setFailed(false),
      () => setFailed(true),
    );
    const watch = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.classList.contains("js-plotly-plot")) Plots.resize(element);
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      purge(element);
    };
  }, [figure, shown]);

  if (content.phase === "loading") return <Loading />;
  if (content.phase !== "done" || figure === null) return <Failed name={name} url={url} />;
  return (
    <>
      {failed && <Failed name={name} url={url} />}
      <div ref={place} className="plotly-frame" role="group" aria-label={t("page.elements.chart", { name })} style={{ height: figure.height }} />
    </>
  );
}
