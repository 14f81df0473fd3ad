import { useStore } from "../../client/hooks";
import { useApp } from "../app/context";
import { CheckIcon, MoonIcon, ScreenIcon, SunIcon } from "../icons/icons";
import { onMenuKey, usePopup } from "../menu/usePopup";
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
  const popup = usePopup();
  const { open, setOpen, button, onBlur } = popup;

  const close = () => popup.close(true);

  return (
    <div className="theme" onBlur={onBlur}>
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
        <div role="menu" tabIndex={-1} className="menu" aria-label={t("page.theme")} onKeyDown={(event) => onMenuKey(event, "menuitemradio", close)}>
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
