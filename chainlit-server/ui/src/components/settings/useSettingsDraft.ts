import { useEffect, useRef, useState } from "react";
import type { Chat } from "../../client/chat";
import type { WidgetValue } from "../../client/protocol";
import { type ChatSettings, type FormValues, widgetsOf } from "../../client/state";

/** The application hears of changes when the reader pauses for so long (in milliseconds). */
const pause = 300;

type Draft = { base: ChatSettings; values: FormValues };

/**
 * What the reader has filled in and not confirmed. The application may answer a change with another form: what was
 * changed since it was told is laid over it.
 */
export function useSettingsDraft(chat: Chat, settings: ChatSettings) {
  const [draft, setDraft] = useState<Draft>({ base: settings, values: settings.values });
  const untold = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(draft.values);

  if (draft.base !== settings) {
    // eslint-disable-next-line react-hooks/refs -- what is untold is known when the form is drawn
    setDraft({ base: settings, values: merge(settings, draft.values, untold.current) });
  }
  useEffect(() => {
    latest.current = draft.values;
  }, [draft]);

  const tell = () => {
    if (timer.current === null) return;
    clearTimeout(timer.current);
    timer.current = null;
    untold.current.clear();
    chat.editSettings(latest.current);
  };
  // Closed in the pause, the change was not meant any more.
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );

  const change = (id: string, value: WidgetValue) => {
    latest.current = { ...latest.current, [id]: value };
    setDraft((now) => ({ ...now, values: { ...now.values, [id]: value } }));
    untold.current.add(id);
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(tell, pause);
  };
  const reset = () => {
    latest.current = settings.values;
    setDraft({ base: settings, values: settings.values });
  };
  const confirm = (): boolean => {
    tell();
    const values = Object.entries(latest.current).map(([id, value]) => [id, value === "" ? null : value]);
    return chat.changeSettings(Object.fromEntries(values) as FormValues);
  };
  return { values: draft.values, change, reset, confirm };
}

function merge(settings: ChatSettings, mine: FormValues, untold: ReadonlySet<string>): FormValues {
  const kept = widgetsOf(settings.form).filter(({ id }) => untold.has(id) && Object.hasOwn(mine, id));
  return { ...settings.values, ...Object.fromEntries(kept.map(({ id }) => [id, mine[id] ?? null])) };
}
