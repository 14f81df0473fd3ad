import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { CheckIcon } from "../icons/icons";
import { usePopup } from "../menu/usePopup";
import { usePlace } from "./usePlace";
import "./picker.css";

export type Choice = {
  value: string;
  label: string;
  description?: string | null;
  icon?: ReactNode;
  /** Further attributes of its element. */
  attributes?: Record<`data-${string}`, string>;
};

type Props = {
  /** Id of the button. */
  id?: string;
  listId?: string;
  /** Says what is chosen from, also to those who do not see the page. */
  label: string;
  className?: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  multiple?: boolean;
  disabled?: boolean;
  describedBy?: string | undefined;
  /** Id of what names the button together with its content; `label` does where there is none. */
  labelledBy?: string | undefined;
  onChoose: (value: string) => void;
  /** Stands beside the list, about the choice that has the focus or the pointer. */
  aside?: (value: string) => ReactNode;
  /** The button's content. */
  children: ReactNode;
};

/** A button that opens a list of choices. */
export function Picker(props: Props) {
  const { id, label, className = "picker-button", disabled, describedBy, labelledBy, children } = props;
  const { open, setOpen, button, close, onBlur } = usePopup();
  return (
    <div className="picker" onBlur={onBlur}>
      <button
        ref={button}
        type="button"
        id={id}
        className={className}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-label={labelledBy === undefined ? label : undefined}
        aria-labelledby={labelledBy === undefined ? undefined : `${labelledBy} ${id}`}
        aria-describedby={describedBy}
        title={label}
        disabled={disabled}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </button>
      {open && <List {...props} button={button} onClose={close} />}
    </div>
  );
}

type ListProps = Props & { button: React.RefObject<HTMLButtonElement | null>; onClose: (toButton: boolean) => void };

function List({ listId, label, choices, chosen, multiple = false, onChoose, aside, button, onClose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const place = usePlace(button, list, true);
  const [looked, setLooked] = useState<string | null>(chosen[0] ?? choices[0]?.value ?? null);
  const isPlaced = place !== null;

  const items = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
  const focus = (at: number) => items()[at]?.focus({ preventScroll: false });

  // Before it is drawn: the next key that is pressed is meant for the list already.
  useLayoutEffect(() => {
    if (!isPlaced) return;
    const all = items();
    const wanted = all.find((item) => item.getAttribute("aria-selected") === "true") ?? all[0];
    wanted?.focus({ preventScroll: true });
    wanted?.scrollIntoView({ block: "nearest" });
  }, [isPlaced]);

  const choose = (value: string) => {
    onChoose(value);
    if (!multiple) onClose(true);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined && all.length > 0) {
      event.preventDefault();
      focus((to + all.length) % all.length);
    } else if (event.key === "Escape") {
      // The dialog around it, or what runs, is not meant.
      event.preventDefault();
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      onClose(true);
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
      event.preventDefault();
      choose(choices[at]?.value ?? "");
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const now = performance.now();
      const text = (now - typed.current.at < 700 ? typed.current.text : "") + event.key.toLowerCase();
      typed.current = { text, at: now };
      const found = choices.findIndex((choice) => choice.label.toLowerCase().startsWith(text));
      if (found >= 0) focus(found);
    }
  };

  const note = looked === null ? null : aside?.(looked);
  return (
    <div
      ref={list}
      className="picker-popup"
      style={place === null ? { visibility: "hidden", left: 0, top: 0 } : place}
      data-popover-content=""
    >
      {/* The focus is on the options; the list only hears their keys. */}
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus */}
      <div
        role="listbox"
        id={listId}
        aria-label={label}
        aria-multiselectable={multiple || undefined}
        className="picker-list"
        onKeyDown={onKeyDown}
      >
        {choices.map((choice, at) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the list hears the keys
          <div
            key={choice.value}
            role="option"
            tabIndex={-1}
            aria-selected={chosen.includes(choice.value)}
            className="picker-option"
            data-index={at}
            {...choice.attributes}
            onClick={() => choose(choice.value)}
            onFocus={() => setLooked(choice.value)}
            // One choice stands out, whether the keys or the pointer came last. A list that scrolls under a pointer at
            // rest moves nothing.
            onPointerMove={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
          >
            {choice.icon}
            <span className="picker-text">
              <span dir="auto">{choice.label}</span>
              {choice.description && (
                <span className="picker-description" dir="auto">
                  {choice.description}
                </span>
              )}
            </span>
            {chosen.includes(choice.value) && <CheckIcon />}
          </div>
        ))}
      </div>
      {note != null && (
        // A click into it, on a text that can have no focus, does not close the list.
        <div className="picker-aside" tabIndex={-1}>
          {note}
        </div>
      )}
    </div>
  );
}
