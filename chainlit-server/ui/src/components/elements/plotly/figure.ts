/** A Plotly figure as this page draws it. */
export type Figure = { data: unknown[]; layout: Record<string, unknown>; config: Record<string, unknown>; height: number };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Options that change how a chart is used, not where it sends anything. */
const options = ["displayModeBar", "scrollZoom", "staticPlot", "doubleClick", "showTips", "showAxisDragHandles"];

/** Pictures of other hosts are left out: a chart must not tell anybody that it is looked at. */
const isOwnPicture = (source: unknown) => source === undefined || (typeof source === "string" && /^data:image\//i.test(source));

/** The figure in a JSON text. Throws when it is none. */
export function readFigure(text: string): Figure {
  const figure: unknown = JSON.parse(text);
  if (!isRecord(figure) || !Array.isArray(figure["data"])) throw new Error("this is no figure");
  const layout = isRecord(figure["layout"]) ? { ...figure["layout"] } : {};
  if (Array.isArray(layout["images"])) {
    layout["images"] = layout["images"].filter((one: unknown) => isRecord(one) && isOwnPicture(one["source"]));
  }
  const data = figure["data"].filter((trace) => isRecord(trace) && (trace["type"] !== "image" || isOwnPicture(trace["source"])));
  const given = isRecord(figure["config"]) ? figure["config"] : {};
  const config = Object.fromEntries(options.filter((key) => key in given).map((key) => [key, given[key]]));
  const wanted = layout["height"];
  const height = typeof wanted === "number" && wanted >= 100 && wanted <= 2000 ? wanted : 400;
  return { data, layout, config, height };
}

/** The layout in the page's colours, where the figure has none of its own. */
export function dressed(layout: Record<string, unknown>, style: CSSStyleDeclaration): Record<string, unknown> {
  if (layout["template"] !== undefined || layout["paper_bgcolor"] !== undefined) return layout;
  const colour = (name: string, alpha = "1") => `hsla(${style.getPropertyValue(name).trim().split(/\s+/).join(",")},${alpha})`;
  const axis = { gridcolor: colour("--border"), zerolinecolor: colour("--input"), linecolor: colour("--input") };
  const axes = Object.fromEntries(
    ["xaxis", "yaxis"].map((key) => [key, { ...axis, ...(isRecord(layout[key]) ? (layout[key] as object) : {}) }]),
  );
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: colour("--foreground") },
    ...layout,
    ...axes,
  };
}
