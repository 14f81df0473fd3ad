// What opens beside a button: popover, menu, tooltip, hover card.
import { createContext, type ReactNode, useContext, useEffect, useId, useRef } from "react";
import { classes, type Props, styled, Trigger } from "./slot";
import { useHeld } from "./state";

type Held = { id: string; open: boolean; setOpen: (open: boolean) => void };
const Held = createContext<Held>({ id: "", open: false, setOpen: () => {} });

function Root({ open, defaultOpen, onOpenChange, children }: Props) {
  const id = useId();
  const root = useRef<HTMLSpanElement>(null);
  const [shown, setOpen] = useHeld(open as boolean | undefined, defaultOpen === true, onOpenChange);
  const close = useRef(() => {});
  useEffect(() => {
    close.current = () => setOpen(false);
  });
  useEffect(() => {
    if (!shown) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) close.current();
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key === "Escape") close.current();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, [shown]);
  return (
    <Held.Provider value={{ id, open: shown, setOpen }}>
      <span ref={root} className="cui-anchor">
        {children}
      </span>
    </Held.Provider>
  );
}

function OpenTrigger(props: Props) {
  const { id, open, setOpen } = useContext(Held);
  return <Trigger own="cui-button" aria-expanded={open} aria-controls={open ? id : undefined} {...props} onClick={() => setOpen(!open)} />;
}

function Content({ className, children }: Props) {
  const { id, open } = useContext(Held);
  return open ? (
    <div id={id} className={classes("cui-popover", className)}>
      {children}
    </div>
  ) : null;
}

function MenuItem({ className, onSelect, onClick, children, ...rest }: Props) {
  const { setOpen } = useContext(Held);
  return (
    <button
      type="button"
      role="menuitem"
      {...rest}
      className={classes("cui-item", className)}
      onClick={(event) => {
        for (const listener of [onClick, onSelect]) if (typeof listener === "function") (listener as (event: unknown) => void)(event);
        setOpen(false);
      }}
    >
      {children}
    </button>
  );
}

/** Shown while the pointer or the focus is on the trigger. */
function Tip({ children }: { children?: ReactNode }) {
  const id = useId();
  return (
    <Held.Provider value={{ id, open: true, setOpen: () => {} }}>
      <span className="cui-anchor cui-tip">{children}</span>
    </Held.Provider>
  );
}

function TipTrigger(props: Props) {
  const { id } = useContext(Held);
  return <Trigger aria-describedby={id} {...props} />;
}

function TipContent({ className, children }: Props) {
  const { id } = useContext(Held);
  return (
    <span id={id} role="tooltip" className={classes("cui-popover", className)}>
      {children}
    </span>
  );
}

const Pass = ({ children }: Props) => <>{children}</>;

export const popover = { Popover: Root, PopoverTrigger: OpenTrigger, PopoverContent: Content, PopoverAnchor: Pass };

export const dropdownMenu = {
  DropdownMenu: Root,
  DropdownMenuTrigger: OpenTrigger,
  DropdownMenuContent: Content,
  DropdownMenuItem: MenuItem,
  DropdownMenuLabel: styled("div", "cui-muted cui-item"),
  DropdownMenuSeparator: styled("div", "cui-separator", { role: "separator" }),
  DropdownMenuGroup: Pass,
};

export const tooltip = { TooltipProvider: Pass, Tooltip: Tip, TooltipTrigger: TipTrigger, TooltipContent: TipContent };
export const hoverCard = { HoverCard: Tip, HoverCardTrigger: TipTrigger, HoverCardContent: TipContent };
