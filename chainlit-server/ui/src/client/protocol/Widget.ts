/** One field of the form with the chat's settings, as it was looked through: nothing in it is missing. */
export type Widget = {
  type: WidgetType;
  id: string;
  label: string;
  tooltip: string | null;
  description: string | null;
  disabled: boolean;
  initial: WidgetValue;
  items: readonly WidgetItem[];
  placeholder: string | null;
  multiline: boolean;
  min: number;
  max: number;
  step: number;
  /** Of a date: two of them. */
  range: boolean;
  minDate: string | null;
  maxDate: string | null;
};

export const widgetTypes = [
  "switch",
  "checkbox",
  "slider",
  "select",
  "radio",
  "multiselect",
  "textinput",
  "numberinput",
  "tags",
  "datepicker",
] as const;

export type WidgetType = (typeof widgetTypes)[number];

export type WidgetItem = { label: string; value: string };

export type WidgetValue = boolean | number | string | null | readonly (string | null)[];

export type WidgetTab = { id: string; label: string; widgets: readonly Widget[] };
