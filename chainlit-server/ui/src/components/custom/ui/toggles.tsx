// Checkbox and switch.
import { CheckIcon } from "../../icons/icons";
import { classes, type Props } from "./slot";
import { useHeld } from "./state";

function Toggle({ role, own, checked, defaultChecked, onCheckedChange, className, children, name, ...rest }: Props & { role: "checkbox" | "switch"; own: string }) {
  const [on, setOn] = useHeld<unknown>(checked, defaultChecked === true, onCheckedChange);
  return (
    <>
      <button
        type="button"
        role={role}
        aria-checked={on === "indeterminate" ? "mixed" : on === true}
        {...rest}
        className={classes(own, className)}
        onClick={() => setOn(on !== true)}
      >
        {children}
      </button>
      {typeof name === "string" && on === true && <input type="hidden" name={name} value="on" />}
    </>
  );
}

export const Checkbox = (props: Props) => (
  <Toggle {...props} role="checkbox" own="cui-checkbox">
    <CheckIcon />
  </Toggle>
);

export const Switch = (props: Props) => (
  <Toggle {...props} role="switch" own="cui-switch">
    <span />
  </Toggle>
);
