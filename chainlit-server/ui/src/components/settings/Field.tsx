import { type ReactNode, useId, useState } from "react";
import type { Widget, WidgetValue } from "../../client/protocol";
import { useApp } from "../app/context";
import { InfoIcon } from "../icons/icons";
import { problemOf } from "./problems";
import { DateField } from "./widgets/DateField";
import { ListField } from "./widgets/ListField";
import { NumberField } from "./widgets/NumberField";
import { RadioField } from "./widgets/RadioField";
import { SliderField } from "./widgets/SliderField";
import { SwitchField } from "./widgets/SwitchField";
import { TagsField } from "./widgets/TagsField";
import { TextField } from "./widgets/TextField";

/** What each kind of field gets. `labelId` names it, `describedBy` what is said about it. */
export type FieldProps = {
  widget: Widget;
  value: WidgetValue;
  onChange: (value: WidgetValue) => void;
  labelId: string;
  describedBy: string | undefined;
  invalid: boolean;
};

const kinds: Record<Widget["type"], (props: FieldProps) => ReactNode> = {
  switch: SwitchField,
  checkbox: SwitchField,
  slider: SliderField,
  select: ListField,
  multiselect: ListField,
  radio: RadioField,
  textinput: TextField,
  numberinput: NumberField,
  tags: TagsField,
  datepicker: DateField,
};

/** Fields that a label can be clicked for. Those in pieces, and those that are buttons, only bear its name. */
const labelled: readonly string[] = ["switch", "checkbox", "textinput", "numberinput", "tags"];

type Props = { widget: Widget; value: WidgetValue; onChange: (value: WidgetValue) => void };

export function Field({ widget, value, onChange }: Props) {
  const { t } = useApp();
  const base = useId();
  const [explained, setExplained] = useState(false);
  const problem = problemOf(widget, value);
  const notes = [
    widget.description !== null && `${base}-description`,
    widget.tooltip !== null && explained && `${base}-tooltip`,
    problem !== null && `${base}-problem`,
  ].filter((id) => typeof id === "string");
  const Kind = kinds[widget.type];
  const isOnOneLine = widget.type === "switch" || widget.type === "checkbox";
  return (
    <div className={isOnOneLine ? "setting one-line" : "setting"} data-widget={widget.type}>
      <div className="setting-head">
        {labelled.includes(widget.type) ? (
          <label id={`${base}-label`} htmlFor={widget.id} dir="auto">
            {widget.label}
          </label>
        ) : (
          <span id={`${base}-label`} className="setting-label" dir="auto">
            {widget.label}
          </span>
        )}
        {widget.tooltip !== null && (
          <button
            type="button"
            className="icon-button small"
            aria-label={t("page.settings.about", { name: widget.label })}
            aria-expanded={explained}
            title={widget.tooltip}
            onClick={() => setExplained(!explained)}
          >
            <InfoIcon />
          </button>
        )}
      </div>
      <Kind
        widget={widget}
        value={value}
        onChange={onChange}
        labelId={`${base}-label`}
        describedBy={notes.length === 0 ? undefined : notes.join(" ")}
        invalid={problem !== null}
      />
      {widget.tooltip !== null && explained && (
        <p id={`${base}-tooltip`} className="setting-note" dir="auto">
          {widget.tooltip}
        </p>
      )}
      {widget.description !== null && (
        <p id={`${base}-description`} className="setting-note" dir="auto">
          {widget.description}
        </p>
      )}
      {problem !== null && (
        <p id={`${base}-problem`} className="alert" role="alert">
          {t(`page.settings.problem.${problem.key}`, { day: problem.day })}
        </p>
      )}
    </div>
  );
}
