import { createContext, type KeyboardEvent, useContext, useId } from "react";
import { classes, type Props } from "./slot";
import { useHeld } from "./state";

const nothing = () => {};
const Shown = createContext({ id: "", value: "", choose: nothing as (value: string) => void });

export function Tabs({ value, defaultValue, onValueChange, className, ...rest }: Props) {
  const id = useId();
  const [shown, choose] = useHeld(value as string | undefined, typeof defaultValue === "string" ? defaultValue : "", onValueChange);
  return (
    <Shown.Provider value={{ id, value: shown, choose }}>
      <div {...rest} className={classes("cui-tabs", className)} />
    </Shown.Provider>
  );
}

function move(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (by === 0) return;
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}

export const TabsList = ({ className, ...rest }: Props) => (
  <div role="tablist" tabIndex={-1} {...rest} onKeyDown={move} className={classes("cui-tab-list", className)} />
);

export function TabsTrigger({ value, className, ...rest }: Props) {
  const shown = useContext(Shown);
  const on = shown.value === value;
  return (
    <button
      type="button"
      role="tab"
      id={`${shown.id}${String(value)}-tab`}
      aria-selected={on}
      aria-controls={on ? `${shown.id}${String(value)}` : undefined}
      tabIndex={on ? 0 : -1}
      {...rest}
      className={classes("cui-tab", className)}
      onClick={() => shown.choose(String(value))}
    />
  );
}

export function TabsContent({ value, className, ...rest }: Props) {
  const shown = useContext(Shown);
  if (shown.value !== value) return null;
  return (
    <div
      role="tabpanel"
      id={`${shown.id}${String(value)}`}
      aria-labelledby={`${shown.id}${String(value)}-tab`}
      {...rest}
      className={classes("cui-tab-panel", className)}
    />
  );
}
