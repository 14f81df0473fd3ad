import { Children, cloneElement, isValidElement, type ReactElement, type ReactNode } from "react";

export type Props = { className?: string | undefined; children?: ReactNode } & Record<string, unknown>;

export const classes = (...names: unknown[]): string => names.filter((name) => typeof name === "string" && name !== "").join(" ");

type Handler = (...args: unknown[]) => void;

/** The only child with further properties: handlers of both run, class names add up. */
export function slotted(children: ReactNode, props: Props): ReactElement | null {
  const child = Children.toArray(children).find((one) => isValidElement(one)) as ReactElement<Props> | undefined;
  if (child === undefined) return null;
  const merged: Props = { ...props, className: classes(props.className, child.props.className) };
  for (const [name, value] of Object.entries(props)) {
    const own = child.props[name];
    if (typeof value !== "function" || typeof own !== "function") continue;
    merged[name] = (...args: unknown[]) => {
      (own as Handler)(...args);
      (value as Handler)(...args);
    };
  }
  return cloneElement(child, merged);
}

type Tag = "div" | "p" | "h3" | "span" | "label" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "th" | "td" | "caption" | "nav" | "ul" | "li" | "img";

/** A component that is an element with a class of ours. */
export function styled(tag: Tag, own: string, fixed: Record<string, unknown> = {}) {
  const Tag = tag as "div";
  return function Styled({ className, ...rest }: Props) {
    return <Tag {...fixed} {...rest} className={classes(own, className)} />;
  };
}

/** A button that belongs to something: the child itself with `asChild`. */
export function Trigger({ asChild, children, className, own, ...rest }: Props & { asChild?: boolean; own?: string }) {
  if (asChild === true) return slotted(children, { ...rest, className });
  return (
    <button type="button" {...rest} className={classes(own, className)}>
      {children}
    </button>
  );
}
