import { useCallback } from "react";
import { useSelect } from "../../client/hooks";
import type { Mode } from "../../client/protocol";
import { type ConversationState, selectOption } from "../../client/state";
import { useApp } from "../app/context";
import { NamedIcon } from "../icons/NamedIcon";
import { Picker } from "../picker/Picker";

const selectModes = (state: ConversationState) => state.modes;

export function Modes() {
  const { chat } = useApp();
  const modes = useSelect(chat.conversation, selectModes);
  return modes.map((mode) => <OneMode key={mode.id} mode={mode} />);
}

function OneMode({ mode }: { mode: Mode }) {
  const { chat } = useApp();
  const option = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectOption(state, mode), [mode]),
  );
  return (
    <Picker
      id={`mode-picker-trigger-${mode.id}`}
      listId={`mode-picker-popover-${mode.id}`}
      label={`${mode.name}: ${option?.name ?? ""}`}
      choices={mode.options.map(({ id, name, description, icon }) => ({
        value: id,
        label: name,
        description,
        icon: <NamedIcon icon={icon} />,
      }))}
      chosen={option === undefined ? [] : [option.id]}
      onChoose={(id) => chat.chooseMode(mode.id, id)}
    >
      <NamedIcon icon={option?.icon} />
      <span dir="auto">{option?.name ?? mode.name}</span>
    </Picker>
  );
}
