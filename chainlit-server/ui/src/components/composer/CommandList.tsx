import { useEffect, useRef } from "react";
import type { Command } from "../../client/protocol";
import { useApp } from "../app/context";
import { NamedIcon } from "../icons/NamedIcon";

export const commandListId = "command-list";
export const commandOptionId = (at: number) => `command-option-${at}`;

type Props = { list: readonly Command[]; at: number; onLook: (at: number) => void; onChoose: (command: Command) => void };

/** The commands that fit to what is typed. The focus stays in the field, which hears the keys. */
export function CommandList({ list, at, onLook, onChoose }: Props) {
  const { t } = useApp();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <div ref={place} id={commandListId} role="listbox" aria-label={t("chat.commands.availableTools")} className="command-list picker-list">
      {list.map((command, index) => (
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the field hears the keys
        <div
          key={command.id}
          id={commandOptionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={index === at ? "command-item picker-option looked" : "command-item picker-option"}
          data-index={index}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => onLook(index)}
          onClick={() => onChoose(command)}
        >
          <NamedIcon icon={command.icon} />
          <span className="picker-text">
            <span>{command.id}</span>
            <span className="picker-description">{command.description}</span>
          </span>
        </div>
      ))}
    </div>
  );
}
