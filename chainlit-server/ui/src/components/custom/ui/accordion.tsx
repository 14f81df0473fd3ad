import { createContext, useContext, useId } from "react";
import { ChevronIcon } from "../../icons/icons";
import { classes, type Props } from "./slot";
import { useHeld } from "./state";

const nothing = () => {};
const Open = createContext({ values: [] as readonly string[], flip: nothing as (value: string) => void });
const Item = createContext({ value: "", id: "" });

export function Accordion({ type, collapsible, value, defaultValue, onValueChange, className, ...rest }: Props) {
  const many = type === "multiple";
  const [held, change] = useHeld<unknown>(value, defaultValue ?? (many ? [] : ""), onValueChange);
  const values = Array.isArray(held) ? held.map(String) : typeof held === "string" && held !== "" ? [held] : [];
  const flip = (one: string) => {
    const open = values.includes(one);
    if (many) change(open ? values.filter((other) => other !== one) : [...values, one]);
    else if (!open) change(one);
    else if (collapsible === true) change("");
  };
  return (
    <Open.Provider value={{ values, flip }}>
      <div {...rest} className={classes("cui-accordion", className)} />
    </Open.Provider>
  );
}

export function AccordionItem({ value, className, ...rest }: Props) {
  const id = useId();
  return (
    <Item.Provider value={{ value: String(value), id }}>
      <div {...rest} className={classes("cui-accordion-item", className)} />
    </Item.Provider>
  );
}

export function AccordionTrigger({ className, children, ...rest }: Props) {
  const { value, id } = useContext(Item);
  const { values, flip } = useContext(Open);
  const open = values.includes(value);
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-controls={open ? id : undefined}
      {...rest}
      className={classes("cui-accordion-trigger", className)}
      onClick={() => flip(value)}
    >
      {children}
      <ChevronIcon />
    </button>
  );
}

export function AccordionContent({ className, ...rest }: Props) {
  const { value, id } = useContext(Item);
  const { values } = useContext(Open);
  return values.includes(value) ? <div {...rest} id={id} className={classes("cui-accordion-content", className)} /> : null;
}
