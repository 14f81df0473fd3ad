import { createContext, type KeyboardEvent, useContext, useEffect, useId, useRef, useState } from "react";
import { ChevronIcon } from "../../icons/icons";
import { classes, type Props, styled } from "./slot";
import { useHeld } from "./state";

type Held = {
  id: string;
  value: string;
  open: boolean;
  disabled: boolean;
  labels: ReadonlyMap<string, string>;
  name: (value: string, label: string) => void;
  setOpen: (open: boolean) => void;
  choose: (value: string) => void;
};

const nothing = () => {};
const Held = createContext<Held>({
  id: "", value: "", open: false, disabled: false, labels: new Map(), name: nothing, setOpen: nothing, choose: nothing,
});

export function Select({ value, defaultValue, onValueChange, disabled, children }: Props) {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const [chosen, change] = useHeld(value as string | undefined, typeof defaultValue === "string" ? defaultValue : "", onValueChange);
  const [open, setOpen] = useState(false);
  const [labels, setLabels] = useState<ReadonlyMap<string, string>>(new Map());
  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>("[role=combobox]")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const list = root.current?.querySelector("[role=listbox]");
    (list?.querySelector<HTMLElement>("[aria-selected=true]") ?? list?.querySelector<HTMLElement>("[role=option]"))?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const held: Held = {
    id,
    value: chosen,
    open,
    disabled: disabled === true,
    labels,
    name: (one, label) => setLabels((now) => (now.get(one) === label ? now : new Map(now).set(one, label))),
    setOpen: (next) => (next ? setOpen(true) : close()),
    choose: (one) => {
      change(one);
      close();
    },
  };
  return (
    <Held.Provider value={held}>
      <div ref={root} className="cui-select">
        {children}
      </div>
    </Held.Provider>
  );
}

export function SelectTrigger({ className, children, ...rest }: Props) {
  const { id, open, disabled, setOpen } = useContext(Held);
  return (
    <button
      type="button"
      role="combobox"
      aria-expanded={open}
      aria-controls={id}
      aria-haspopup="listbox"
      disabled={disabled}
      // Without a label it is called what it shows.
      {...(rest["id"] === undefined ? { id: `${id}-trigger`, "aria-labelledby": `${id}-trigger` } : {})}
      {...rest}
      className={classes("cui-input cui-select-trigger", className)}
      onClick={() => setOpen(!open)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        setOpen(true);
      }}
    >
      {children}
      <ChevronIcon />
    </button>
  );
}

export function SelectValue({ placeholder }: Props) {
  const { value, labels } = useContext(Held);
  return <span className={value === "" ? "cui-muted" : undefined}>{value === "" ? String(placeholder ?? "") : (labels.get(value) ?? value)}</span>;
}

/** The list is there from the start: its items tell the labels of their values. */
export function SelectContent({ className, children }: Props) {
  const { id, open, setOpen } = useContext(Held);
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const options = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=option]:not([aria-disabled=true])")];
    const at = options.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      options[Math.min(Math.max(0, next), options.length - 1)]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div id={id} role="listbox" tabIndex={-1} hidden={!open} className={classes("cui-popover cui-list", className)} onKeyDown={move}>
      {children}
    </div>
  );
}

export function SelectItem({ value, disabled, className, children }: Props) {
  const held = useContext(Held);
  const item = useRef<HTMLDivElement>(null);
  const own = String(value);
  const { name } = held;
  useEffect(() => name(own, item.current?.textContent ?? own));
  const choose = () => {
    if (disabled !== true) held.choose(own);
  };
  return (
    <div
      ref={item}
      role="option"
      aria-selected={held.value === own}
      aria-disabled={disabled === true}
      tabIndex={-1}
      className={classes("cui-item", className)}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
      }}
    >
      {children}
    </div>
  );
}

export const SelectGroup = styled("div", "", { role: "group" });
export const SelectLabel = styled("div", "cui-muted cui-item");
export const SelectSeparator = styled("div", "cui-separator", { role: "separator" });
