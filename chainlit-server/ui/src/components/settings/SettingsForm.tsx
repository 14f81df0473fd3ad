import { type KeyboardEvent, useId, useState } from "react";
import { useSelect, useStore } from "../../client/hooks";
import type { Widget, WidgetTab, WidgetValue } from "../../client/protocol";
import type { ChatSettings, ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { useSettingsDraft } from "./useSettingsDraft";
import { Field } from "./Field";
import { problemOf } from "./problems";
import "./settings.css";

type Props = { confirmId: string; onClose: (() => void) | null };

const selectSettings = (state: ConversationState) => state.settings;

export default function SettingsForm(props: Props) {
  const { chat } = useApp();
  const settings = useSelect(chat.conversation, selectSettings);
  return settings === null ? null : <Form {...props} settings={settings} />;
}

function Form({ confirmId, onClose, settings }: Props & { settings: ChatSettings }) {
  const { t, chat } = useApp();
  const { phase } = useStore(chat.connection.state);
  const { values, change, reset, confirm } = useSettingsDraft(chat, settings);
  const { tabs } = settings.form;
  const [open, setOpen] = useState(tabs[0]?.id ?? "");
  const shown = tabs.find(({ id }) => id === open) ?? tabs[0];
  const base = useId();

  const value = (widget: Widget): WidgetValue => values[widget.id] ?? null;
  const wrong = tabs.find((tab) => tab.widgets.some((widget) => problemOf(widget, value(widget)) !== null));
  const submit = () => {
    if (wrong !== undefined) return setOpen(wrong.id);
    if (confirm()) onClose?.();
  };
  return (
    <form
      className="settings-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="form-note">{t("chat.settings.customize")}</p>
      {tabs.length > 1 && <Tabs tabs={tabs} open={shown?.id ?? ""} base={base} onOpen={setOpen} />}
      {shown !== undefined && (
        <div
          key={shown.id}
          className="settings-fields"
          {...(tabs.length > 1 ? { role: "tabpanel", id: `${base}-panel`, "aria-labelledby": `${base}-tab-${tabs.indexOf(shown)}` } : {})}
        >
          {shown.label !== "" && tabs.length === 1 && <h3>{shown.label}</h3>}
          {shown.widgets.map((widget) => (
            <Field key={widget.id} widget={widget} value={value(widget)} onChange={(next) => change(widget.id, next)} />
          ))}
        </div>
      )}
      <div className="settings-foot">
        {phase !== "connected" && <span role="status">{t("page.notConnected")}</span>}
        <button type="button" className="button quiet" onClick={reset}>
          {t("common.actions.reset")}
        </button>
        {onClose !== null && (
          <button type="button" className="button quiet" onClick={onClose}>
            {t("common.actions.cancel")}
          </button>
        )}
        <button type="submit" id={confirmId} className="button" disabled={phase !== "connected"}>
          {t("common.actions.confirm")}
        </button>
      </div>
    </form>
  );
}

type TabsProps = { tabs: readonly WidgetTab[]; open: string; base: string; onOpen: (id: string) => void };

function Tabs({ tabs, open, base, onOpen }: TabsProps) {
  const { t } = useApp();
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex(({ id }) => id === open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + tabs.length) % tabs.length;
    onOpen(tabs[next]?.id ?? open);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    // The focus is on the tabs; their list only hears the keys.
    // eslint-disable-next-line jsx-a11y/interactive-supports-focus
    <div role="tablist" aria-label={t("chat.settings.title")} className="settings-tabs" onKeyDown={move}>
      {tabs.map(({ id, label }, at) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`${base}-tab-${at}`}
          aria-selected={id === open}
          aria-controls={id === open ? `${base}-panel` : undefined}
          tabIndex={id === open ? 0 : -1}
          onClick={() => onOpen(id)}
        >
          {label || t("page.settings.general")}
        </button>
      ))}
    </div>
  );
}
