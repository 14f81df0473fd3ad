import { type Widget, type WidgetItem, type WidgetTab, type WidgetType, type WidgetValue, widgetTypes } from "../protocol";
import type { Draft } from "./draft";
import { hasId, isRecord, listOf, textOr, unique } from "./record";

/** The form with the chat's settings. Without tabs it is one, which has no label. */
export type Form = { tabs: readonly WidgetTab[] };

export type FormValues = Readonly<Record<string, WidgetValue>>;

/** The form, and what holds in the chat: what the application began with, or what the reader confirmed. */
export type ChatSettings = { form: Form; values: FormValues };

type Raw = { id: string } & Record<string, unknown>;

const isWidget = (data: unknown): data is Raw & { type: WidgetType } =>
  hasId(data) && widgetTypes.has(data["type"]);

const numberOr = (value: unknown, other: number): number =>
  typeof value === "number" && Number.isFinite(value) ? value : other;

const texts = (value: unknown): string[] => listOf(value).filter((one): one is string => typeof one === "string");

/** The day of a date or of a moment; anything else is none. */
const day = (value: unknown): string | null => /^\d{4}-\d{2}-\d{2}/.exec(textOr(value, ""))?.[0] ?? null;

/** A value as its field needs it, whatever came. */
export function fitValue(widget: Pick<Widget, "type" | "range" | "min" | "max">, value: unknown): WidgetValue {
  switch (widget.type) {
    case "switch":
    case "checkbox":
      return value === true;
    case "slider":
      return Math.min(Math.max(numberOr(value, widget.min), widget.min), widget.max);
    case "numberinput":
      return typeof value === "number" && Number.isFinite(value) ? value : null;
    case "multiselect":
    case "tags":
      return [...new Set(texts(value))];
    case "datepicker":
      return widget.range ? [day(listOf(value)[0]), day(listOf(value)[1])] : day(value);
    default:
      return textOr(value, null);
  }
}

function readItems(data: unknown): WidgetItem[] {
  const items = listOf(data).filter(isRecord).filter((item) => typeof item["value"] === "string");
  return items.map((item) => ({ value: String(item["value"]), label: textOr(item["label"], String(item["value"])) }));
}

function readWidget(raw: Raw & { type: WidgetType }): Widget {
  const min = numberOr(raw["min"], 0);
  const step = numberOr(raw["step"], 1);
  const shape = {
    type: raw.type,
    range: raw["mode"] === "range",
    min,
    max: Math.max(min, numberOr(raw["max"], 10)),
  };
  return {
    ...shape,
    id: raw.id,
    label: textOr(raw["label"], raw.id),
    tooltip: textOr(raw["tooltip"], null),
    description: textOr(raw["description"], null),
    disabled: raw["disabled"] === true,
    initial: fitValue(shape, raw["initial"]),
    items: readItems(raw["items"]),
    placeholder: textOr(raw["placeholder"], null),
    multiline: raw["multiline"] === true,
    step: step > 0 ? step : 1,
    minDate: day(raw["min_date"]),
    maxDate: day(raw["max_date"]),
  };
}

/** All fields of the form, or none when nothing in it can be shown. */
export function readForm(data: unknown): Form | null {
  const list = listOf(data);
  const tabs: WidgetTab[] = [];
  const plain = unique(list.filter(isWidget).map(readWidget));
  if (plain.length > 0) tabs.push({ id: "", label: "", widgets: plain });
  for (const tab of unique(list.filter(hasId).filter((raw) => Array.isArray(raw["inputs"])))) {
    const widgets = unique(listOf(tab["inputs"]).filter(isWidget).map(readWidget));
    if (widgets.length > 0) tabs.push({ id: tab.id, label: textOr(tab["label"], tab.id), widgets });
  }
  return tabs.length === 0 ? null : { tabs };
}

export const widgetsOf = (form: Form): readonly Widget[] => form.tabs.flatMap((tab) => tab.widgets);

export const initialsOf = (form: Form): FormValues =>
  Object.fromEntries(widgetsOf(form).map((widget) => [widget.id, widget.initial]));

export function setForm(draft: Draft, data: unknown): void {
  const form = readForm(data);
  draft.assign({ settings: form === null ? null : { form, values: initialsOf(form) } });
}

/** Values that hold from now on; what the form has no field for is left out. */
export function setValues(draft: Draft, data: unknown): void {
  const { settings } = draft.now;
  if (settings === null || !isRecord(data)) return;
  const known = widgetsOf(settings.form).filter(({ id }) => Object.hasOwn(data, id));
  const values = Object.fromEntries(known.map((widget) => [widget.id, fitValue(widget, data[widget.id])]));
  draft.assign({ settings: { ...settings, values: { ...settings.values, ...values } } });
}
