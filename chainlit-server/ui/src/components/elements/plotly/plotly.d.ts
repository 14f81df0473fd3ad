declare module "plotly.js-cartesian-dist-min" {
  export function newPlot(place: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
  export function purge(place: HTMLElement): void;
  export const Plots: { resize: (place: HTMLElement) => void };
}
