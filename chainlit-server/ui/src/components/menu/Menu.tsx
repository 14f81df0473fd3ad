import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { usePlace } from "../picker/usePlace";
import { usePopup } from "./usePopup";
import "./menu.css";

export type MenuItem = { id?: string; label: string; icon?: ReactNode; danger?: boolean; href?: string; onChoose?: () => void };

type Props = {
  id?: string;
  className?: string;
  label: string;
  /** Lines stand between the groups. */
  groups: readonly (readonly MenuItem[])[];
  children: ReactNode;
};

/** A button that opens a list of things to do. */
export function Menu({ id, className = "icon-button", label, groups, children }: Props) {
  const { open, setOpen, button, close, onBlur } = usePopup();
  return (
    <div className="menu-place" onBlur={onBlur}>
      <button
        ref={button}
        type="button"
        id={id}
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && <Items label={label} groups={groups} button={button} onClose={close} />}
    </div>
  );
}

type ItemsProps = Pick<Props, "label" | "groups"> & {
  button: React.RefObject<HTMLButtonElement | null>;
  onClose: (toButton: boolean) => void;
};

function Items({ label, groups, button, onClose }: ItemsProps) {
  const list = useRef<HTMLDivElement>(null);
  const place = usePlace(button, list, true);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const isPlaced = place !== null;
  useEffect(() => {
    if (isPlaced) list.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [isPlaced]);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const target = targets[event.key];
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      onClose(true);
    } else if (target !== undefined) {
      event.preventDefault();
      all[(target + all.length) % all.length]?.focus();
    }
  };
  return (
    <div
      ref={list}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className="pop-menu"
      style={place === null ? { visibility: "hidden" } : place}
      onKeyDown={onKeyDown}
    >
      {groups.map((group, at) => (
        <div key={group[0]?.label ?? at} role="group">
          {group.map(({ id, label: text, icon, danger, href, onChoose }) => {
            const shared = { id, role: "menuitem", tabIndex: -1, className: danger === true ? "danger" : undefined };
            const choose = () => {
              // What it opens gives the focus back to the button.
              onClose(true);
              onChoose?.();
            };
            return href === undefined ? (
              <button key={text} type="button" {...shared} onClick={choose}>
                {icon}
                <span>{text}</span>
              </button>
            ) : (
              <a key={text} href={href} download {...shared} onClick={choose}>
                {icon}
                <span>{text}</span>
              </a>
            );
          })}
        </div>
      ))}
    </div>
  );
}
