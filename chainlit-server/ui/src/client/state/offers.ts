import type { Command, Mode, ModeOption, StepDict } from "../protocol";
import type { Draft } from "./draft";
import { hasId, isRecord, listOf, textOr, unique } from "./record";
import type { ConversationState } from "./types";

function readCommands(data: unknown): Command[] {
  const commands = listOf(data).filter(hasId).map((command) => ({
    id: command.id,
    description: textOr(command["description"], ""),
    icon: textOr(command["icon"], null),
    button: command["button"] === true,
    persistent: command["persistent"] === true,
    selected: command["selected"] === true,
  }));
  return unique(commands);
}

function readModes(data: unknown): Mode[] {
  const modes = listOf(data).filter(hasId).map((mode) => ({
    id: mode.id,
    name: textOr(mode["name"], mode.id),
    options: unique(listOf(mode["options"]).filter(hasId).map(readOption)),
  }));
  return unique(modes).filter((mode) => mode.options.length > 0);
}

const readOption = (option: { id: string } & Record<string, unknown>): ModeOption => ({
  id: option.id,
  name: textOr(option["name"], option.id),
  description: textOr(option["description"], null),
  icon: textOr(option["icon"], null),
  default: option["default"] === true,
});

/** What the application offers is replaced. A chosen command that is offered no more is not chosen any more. */
export function setCommands(draft: Draft, data: unknown): void {
  const commands = readCommands(data);
  const kept = commands.find((command) => command.id === draft.now.command);
  const chosen = kept ?? commands.find((command) => command.selected);
  draft.assign({ commands, command: chosen?.id ?? null });
}

export function chooseCommand(draft: Draft, data: unknown): void {
  if (!isRecord(data)) return;
  const chosen = draft.now.commands.find((command) => command.id === data["id"]);
  draft.assign({ command: chosen?.id ?? null });
}

/** A message was sent with the chosen command, which stays only if it is meant to. */
export function releaseCommand(draft: Draft): void {
  const { command, commands } = draft.now;
  if (command === null) return;
  if (commands.find(({ id }) => id === command)?.persistent !== true) draft.assign({ command: null });
}

/** The same modes again (the page lost its place, say) leave the choice alone; others begin with their defaults. */
export function setModes(draft: Draft, data: unknown): void {
  const modes = readModes(data);
  if (JSON.stringify(modes) !== JSON.stringify(draft.now.modes)) draft.assign({ modes, chosenModes: {} });
}

export function chooseMode(draft: Draft, data: unknown): void {
  if (!isRecord(data)) return;
  const mode = draft.now.modes.find(({ id }) => id === data["mode"]);
  const option = mode?.options.find(({ id }) => id === data["option"]);
  if (mode === undefined || option === undefined) return;
  draft.assign({ chosenModes: { ...draft.now.chosenModes, [mode.id]: option.id } });
}

/** The option of a mode that is chosen: the reader's, the application's, the first. */
export function selectOption(state: ConversationState, mode: Mode): ModeOption | undefined {
  const wanted = Object.hasOwn(state.chosenModes, mode.id) ? state.chosenModes[mode.id] : undefined;
  const { options } = mode;
  return options.find(({ id }) => id === wanted) ?? options.find((option) => option.default) ?? options[0];
}

/** What goes with a message: an option of every mode there is. */
export function selectModes(state: ConversationState): Record<string, string> | null {
  if (state.modes.length === 0) return null;
  return Object.fromEntries(state.modes.map((mode) => [mode.id, selectOption(state, mode)?.id ?? ""]));
}

export function setFavorites(draft: Draft, data: unknown): void {
  draft.assign({ favorites: unique(listOf(data).filter(hasId) as unknown as StepDict[]) });
}

/** The reader likes one of their messages, or no longer. The server says the same again when it knows. */
export function markFavorite(draft: Draft, data: unknown): void {
  if (!hasId(data)) return;
  const { favorites, steps } = draft.now;
  const favorite = data["favorite"] === true;
  const known = steps.get(data.id);
  const metadata = { ...known?.metadata, favorite };
  if (known !== undefined) draft.setStep({ ...known, metadata });
  const others = favorites.filter(({ id }) => id !== data.id);
  draft.assign({ favorites: favorite && known !== undefined ? [{ ...known, metadata }, ...others] : others });
}
