import { useRef, useState } from "react";
import { useStore } from "../../client/hooks";
import { useApp } from "../app/context";
import { CheckIcon, MoonIcon, ScreenIcon, SunIcon } from "../icons/icons";
import { theme, type ThemeChoice } from "./theme";
import "./theme.css";

const choices: { choice: ThemeChoice; Icon: () => React.JSX.Element }[] = [
  { choice: "light", Icon: SunIcon },
  { choice: "dark", Icon: MoonIcon },
  { choice: "system", Icon: ScreenIcon },
];

export function ThemeToggle() {
  const { t } = useApp();
  const chosen = useStore(theme.choice);
  const shown = useStore(theme.shown);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (event: React.KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return close();
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  };

  return (
    <div
      className="theme"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        id="theme-toggle"
        className="icon-button"
        aria-label={t("page.theme")}
        title={t("page.theme")}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {shown === "dark" ? <MoonIcon /> : <SunIcon />}
      </button>
      {open && (
        <div role="menu" tabIndex={-1} className="menu" aria-label={t("page.theme")} onKeyDown={move}>
          {choices.map(({ choice, Icon }) => (
            <button
              key={choice}
              type="button"
              role="menuitemradio"
              aria-checked={chosen === choice}
              // The menu was just opened by the reader: the focus belongs into it.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus={chosen === choice}
              onClick={() => {
                theme.choose(choice);
                close();
              }}
            >
              <Icon />
              <span>{t(`navigation.header.theme.${choice}`)}</span>
              {chosen === choice && <CheckIcon />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
