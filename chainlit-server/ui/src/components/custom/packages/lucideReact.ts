// Icons as components, under the name that Chainlit's elements import them by.
import { createElement, type ReactNode, type SVGProps } from "react";
import { drawn, type Shape, shapes } from "../../icons/lucide";

type Props = SVGProps<SVGSVGElement> & { size?: number | string };

const component =
  (shape: Shape) =>
  ({ size = 24, color = "currentColor", ...rest }: Props): ReactNode =>
    createElement(
      "svg",
      {
        width: size,
        height: size,
        viewBox: "0 0 24 24",
        fill: "none",
        stroke: color,
        strokeWidth: 2,
        strokeLinecap: "round",
        strokeLinejoin: "round",
        "aria-hidden": rest["aria-label"] === undefined,
        ...rest,
      },
      drawn(shape),
    );

// Each icon has two names: `Star` and `StarIcon`.
const named = Object.entries(shapes).flatMap(([name, shape]) => {
  const icon = component(shape);
  return [
    [name, icon],
    [`${name}Icon`, icon],
  ] as const;
});

const all = Object.fromEntries(named);
export default all;
