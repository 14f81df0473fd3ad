import { useState } from "react";
import { useStore } from "../../client/hooks";
import { useApp } from "../app/context";
import { theme } from "../theme/theme";
import "./start.css";

export function StartPage() {
  const { t, api, chat, settings, name } = useApp();
  const shown = useStore(theme.shown);
  const [broken, setBroken] = useState(false);
  const logo = settings.ui?.logo_file_url || api.logoUrl(shown);
  const starters = settings.starters ?? [];
  return (
    <section className="start">
      {!broken && <img className="start-logo" src={logo} alt={name} onError={() => setBroken(true)} />}
      <p className="start-greeting">{t("page.greeting")}</p>
      {starters.length > 0 && (
        <ul id="starters" className="starters" aria-label={t("page.starters")}>
          {starters.map((starter) => (
            <li key={starter.label}>
              <button
                type="button"
                id={`starter-${starter.label.trim().toLowerCase().replace(/\s+/g, "-")}`}
                onClick={() => chat.send(starter.message)}
              >
                {starter.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
