import { useApp } from "../../app/context";
import { Picker } from "../../picker/Picker";
import type { FieldProps } from "../Field";

/** One of several values, or some of them. */
export function ListField({ widget, value, onChange, labelId, describedBy }: FieldProps) {
  const { t } = useApp();
  const multiple = widget.type === "multiselect";
  const chosen = Array.isArray(value) ? (value as string[]) : typeof value === "string" ? [value] : [];
  const labels = widget.items.filter((item) => chosen.includes(item.value)).map((item) => item.label);
  const choose = (one: string) => {
    if (!multiple) return onChange(one);
    // In the order of the list, whatever the order of the clicks.
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
    onChange(widget.items.map((item) => item.value).filter((item) => next.includes(item)));
  };
  return (
    <Picker
      id={widget.id}
      className="picker-button field-button"
      label={widget.label}
      labelledBy={labelId}
      describedBy={describedBy}
      choices={widget.items}
      chosen={chosen}
      multiple={multiple}
      disabled={widget.disabled}
      onChoose={choose}
    >
      <span className={labels.length === 0 ? "placeholder" : undefined} dir="auto">
        {labels.length === 0 ? t("components.MultiSelectInput.placeholder") : labels.join(", ")}
      </span>
    </Picker>
  );
}
