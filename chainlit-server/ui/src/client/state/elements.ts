import type { ElementDict } from "../protocol";
import type { Draft, Handlers } from "./draft";
import { hasId, isRecord } from "./record";

const text = (value: unknown) => typeof value === "string";
const number = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const flag = (value: unknown) => typeof value === "boolean";
const oneOf =
  (...values: string[]) =>
  (value: unknown) =>
    text(value) && values.includes(value as string);

/** What each field of an element may be, besides `null`. */
const fields: { [Key in Exclude<keyof ElementDict, "id">]-?: (value: unknown) => boolean } = {
  threadId: text,
  type: oneOf("image", "text", "pdf", "tasklist", "audio", "video", "file", "plotly", "dataframe", "custom"),
  url: text,
  chainlitKey: text,
  name: text,
  display: oneOf("inline", "side", "page"),
  objectKey: text,
  size: oneOf("small", "medium", "large"),
  props: isRecord,
  page: number,
  autoPlay: flag,
  playerConfig: isRecord,
  language: text,
  forId: text,
  mime: text,
};

/** Fields that components read without asking whether they are there: `null` is as good as nothing. */
const plain = new Set(["type", "name", "display", "forId"]);

/** The element as far as it makes sense: a field of another type counts as not sent. Null without an id. */
export function readElement(data: unknown): ElementDict | null {
  if (!hasId(data)) return null;
  const element: Record<string, unknown> = { id: data.id };
  for (const [key, fits] of Object.entries(fields)) {
    if (!Object.hasOwn(data, key)) continue;
    const value = data[key];
    if (fits(value) || (value === null && !plain.has(key))) element[key] = value;
  }
  return element as ElementDict;
}

/** Adds an element, or lays its fields over the known ones. Gives its id, or null if it is none. */
export function putElement(draft: Draft, data: unknown): string | null {
  const element = readElement(data);
  if (element === null) return null;
  draft.map("elements").set(element.id, { ...draft.now.elements.get(element.id), ...element });
  return element.id;
}

/** A new element for the side opens it, with those of the same message that are there already. */
function receiveElement(draft: Draft, data: unknown): void {
  const known = hasId(data) && draft.now.elements.has(data.id);
  const id = putElement(draft, data);
  const element = id === null ? undefined : draft.now.elements.get(id);
  if (known || element === undefined || element.display !== "side" || !element.forId) return;
  const beside = [...draft.now.elements.values()].filter(({ display, forId }) => display === "side" && forId === element.forId);
  draft.assign({
    sideView: { title: element.name ?? "", elements: beside.map((one) => one.id), key: null, byItself: true },
  });
}

function removeElement(draft: Draft, data: unknown): void {
  if (!hasId(data) || !draft.now.elements.has(data.id)) return;
  draft.map("elements").delete(data.id);
  const { sideView } = draft.now;
  if (sideView === null || !sideView.elements.includes(data.id)) return;
  const elements = sideView.elements.filter((id) => id !== data.id);
  draft.assign({ sideView: elements.length === 0 ? null : { ...sideView, elements } });
}

function setSideElements(draft: Draft, data: unknown): void {
  if (!isRecord(data) || !Array.isArray(data["elements"])) return;
  const key = typeof data["key"] === "string" && data["key"] !== "" ? data["key"] : null;
  const { sideView } = draft.now;
  // The application says that this is what the reader has before them already: it must not jump.
  if (data["elements"].length > 0 && key !== null && sideView?.key === key) return;
  const ids = data["elements"].map((element) => putElement(draft, element)).filter((id) => id !== null);
  const elements = [...new Set(ids)];
  draft.assign({ sideView: elements.length === 0 ? null : { title: sideView?.title ?? "", elements, key, byItself: false } });
}

/** What the events about elements do. */
export const elementHandlers: Handlers = {
  element: receiveElement,
  remove_element: removeElement,
  set_sidebar_title: (draft, data) => {
    if (typeof data !== "string") return;
    const { sideView } = draft.now;
    draft.assign({ sideView: { elements: [], key: null, ...sideView, title: data, byItself: false } });
  },
  set_sidebar_elements: setSideElements,
  side_opened: (draft, data) => {
    if (!hasId(data)) return;
    const element = draft.now.elements.get(data.id);
    if (element === undefined) return;
    draft.assign({ sideView: { title: element.name ?? "", elements: [element.id], key: null, byItself: false } });
  },
  side_closed: (draft) => draft.assign({ sideView: null }),
};
