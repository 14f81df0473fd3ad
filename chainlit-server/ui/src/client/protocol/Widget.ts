import type { ItemDict, WidgetDict } from "./generated";

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

export type WidgetType = WidgetDict["type"];

const known: Record<WidgetType, true> = {
  switch: true,
  checkbox: true,
  slider: true,
  select: true,
  radio: true,
  multiselect: true,
  textinput: true,
  numberinput: true,
  tags: true,
  datepicker: true,
};

export const widgetTypes: ReadonlySet<unknown> = new Set(Object.keys(known));

export type WidgetItem = ItemDict;

export type WidgetValue = boolean | number | string | null | readonly (string | null)[];

export type WidgetTab = { id: string; label: string; widgets: readonly Widget[] };
