import { useSelect } from "../../client/hooks";
import type { Command } from "../../client/protocol";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { CloseIcon, ToolsIcon } from "../icons/icons";
import { NamedIcon } from "../icons/NamedIcon";
import { Picker } from "../picker/Picker";

const selectCommands = (state: ConversationState) => state.commands;
const selectChosen = (state: ConversationState) => state.command;

/** The commands that are no buttons in a list, those that are, and the one that is chosen. */
export function Commands() {
  const { t, chat } = useApp();
  const commands = useSelect(chat.conversation, selectCommands);
  const chosen = useSelect(chat.conversation, selectChosen);
  const listed = commands.filter(({ button }) => !button);
  const shown = commands.filter(({ id, button }) => button || id === chosen);
  return (
    <>
      {listed.length > 0 && (
        <Picker
          id="command-button"
          listId="command-popover"
          className="tool"
          label={`${t("chat.commands.button")}: ${t(chosen === null ? "chat.commands.availableTools" : "chat.commands.changeTool")}`}
          choices={listed.map(({ id, description, icon }) => ({
            value: id,
            label: id,
            description,
            icon: <NamedIcon icon={icon} />,
          }))}
          chosen={chosen === null ? [] : [chosen]}
          onChoose={(id) => {
            chat.chooseCommand(id === chosen ? null : id);
            document.getElementById("chat-input")?.focus();
          }}
        >
          <ToolsIcon />
          {chosen === null && <span className="wide-only">{t("chat.commands.button")}</span>}
        </Picker>
      )}
      {shown.map((command) => (
        <CommandButton key={command.id} command={command} chosen={command.id === chosen} />
      ))}
    </>
  );
}

function CommandButton({ command: { id, description, icon }, chosen }: { command: Command; chosen: boolean }) {
  const { chat } = useApp();
  return (
    <button
      type="button"
      id={`command-${id}`}
      className={chosen ? "tool text-command" : "tool"}
      aria-pressed={chosen}
      data-selected={chosen}
      title={description || undefined}
      onClick={() => {
        chat.chooseCommand(chosen ? null : id);
        document.getElementById("chat-input")?.focus();
      }}
    >
      <NamedIcon icon={icon} />
      <span>{id}</span>
      {chosen && <CloseIcon />}
    </button>
  );
}
