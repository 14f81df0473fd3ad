import { type KeyboardEvent, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { Command } from "../../client/protocol";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";

const selectCommands = (state: ConversationState) => state.commands;

/** A text that begins with a slash and holds no blank looks for a command. */
function found(commands: readonly Command[], text: string): Command[] {
  const wanted = /^\/\S*$/.exec(text)?.[0].slice(1).toLowerCase();
  if (wanted === undefined) return [];
  const at = ({ id }: Command) => id.toLowerCase().indexOf(wanted);
  return commands.filter((command) => at(command) >= 0).sort((a, b) => at(a) - at(b));
}

/** The list of commands that a slash in the field opens. `onKeyDown` says whether the key was meant for the list. */
export function useCommandList(text: string, setText: (text: string) => void) {
  const { chat } = useApp();
  const commands = useSelect(chat.conversation, selectCommands);
  const [looked, setLooked] = useState({ text: "", at: 0 });
  const [closedAt, setClosedAt] = useState<string | null>(null);

  const all = found(commands, text);
  const list = text === closedAt ? [] : all;
  const at = looked.text === text ? Math.min(looked.at, list.length - 1) : 0;
  const choose = (command: Command) => {
    chat.chooseCommand(command.id);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (list.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const command = list[at];
    if (step !== undefined) setLooked({ text, at: (at + step + list.length) % list.length });
    else if (event.key === "Escape") setClosedAt(text);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && command !== undefined) choose(command);
    else return false;
    event.preventDefault();
    return true;
  };
  return { list, at, choose, look: (index: number) => setLooked({ text, at: index }), onKeyDown };
}
