// Components without a state of their own.
import { classes, type Props, slotted, styled } from "./slot";

const variantOf = (variant: unknown) => (typeof variant === "string" ? variant : "default");

export function Button({ variant, size, asChild, className, children, ...rest }: Props) {
  const all = classes("cui-button", `cui-${variantOf(variant)}`, typeof size === "string" && `cui-size-${size}`, className);
  if (asChild === true) return slotted(children, { ...rest, className: all });
  return (
    <button type="button" {...rest} className={all}>
      {children}
    </button>
  );
}

export function Badge({ variant, className, ...rest }: Props) {
  return <span {...rest} className={classes("cui-badge", `cui-${variantOf(variant)}`, className)} />;
}

export function Alert({ variant, className, ...rest }: Props) {
  return <div role="alert" {...rest} className={classes("cui-alert", `cui-alert-${variantOf(variant)}`, className)} />;
}

export function Input({ className, ...rest }: Props) {
  return <input {...rest} className={classes("cui-input", className)} />;
}

export function Textarea({ className, ...rest }: Props) {
  return <textarea {...rest} className={classes("cui-input cui-textarea", className)} />;
}

export function Progress({ value, max, className, ...rest }: Props) {
  const most = typeof max === "number" && max > 0 ? max : 100;
  const done = Math.min(most, Math.max(0, Number(value) || 0));
  return (
    <div
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={done}
      aria-label={`${Math.round((done / most) * 100)} %`}
      {...rest}
      className={classes("cui-progress", className)}
    >
      <div style={{ width: `${(done / most) * 100}%` }} />
    </div>
  );
}

export function Separator({ orientation, className, ...rest }: Props) {
  const upright = orientation === "vertical";
  return (
    <div role="separator" {...rest} className={classes("cui-separator", upright && "cui-upright", className)} />
  );
}

export function AspectRatio({ ratio, style, ...rest }: Props) {
  return <div {...rest} style={{ aspectRatio: typeof ratio === "number" ? ratio : 1, ...(style as object) }} />;
}

export function Table({ className, ...rest }: Props) {
  return (
    <div className="cui-table-frame">
      <table {...rest} className={classes("cui-table", className)} />
    </div>
  );
}

export const AlertTitle = styled("h3", "cui-alert-title");
export const AlertDescription = styled("div", "cui-alert-description");
export const Card = styled("div", "cui-card");
export const CardHeader = styled("div", "cui-card-header");
export const CardTitle = styled("h3", "cui-card-title");
export const CardDescription = styled("p", "cui-muted");
export const CardContent = styled("div", "cui-card-content");
export const CardFooter = styled("div", "cui-card-footer");
export const Label = styled("label", "cui-label");
export const Skeleton = styled("div", "cui-skeleton", { "aria-hidden": true });
export const ScrollArea = styled("div", "cui-scroll", { tabIndex: 0 });
export const ScrollBar = () => null;
export const Avatar = styled("span", "cui-avatar");
export const AvatarImage = styled("img", "cui-avatar-image", { alt: "", referrerPolicy: "no-referrer" });
export const AvatarFallback = styled("span", "cui-avatar-fallback");
export const TableHeader = styled("thead", "");
export const TableBody = styled("tbody", "");
export const TableFooter = styled("tfoot", "");
export const TableRow = styled("tr", "");
export const TableHead = styled("th", "");
export const TableCell = styled("td", "");
export const TableCaption = styled("caption", "cui-muted");
export const Pagination = styled("nav", "cui-row");
export const PaginationContent = styled("ul", "cui-row cui-plain-list");
export const PaginationItem = styled("li", "");
export const PaginationEllipsis = () => <span aria-hidden="true">…</span>;

export function PaginationLink({ isActive, ...rest }: Props) {
  return <Button variant={isActive === true ? "outline" : "ghost"} aria-current={isActive === true ? "page" : undefined} {...rest} />;
}
export const PaginationPrevious = (props: Props) => <PaginationLink {...props}>{props.children ?? "‹"}</PaginationLink>;
export const PaginationNext = (props: Props) => <PaginationLink {...props}>{props.children ?? "›"}</PaginationLink>;
