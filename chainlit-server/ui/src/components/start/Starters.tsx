import { useState } from "react";
import type { Starter } from "../../client/protocol";
import { useApp } from "../app/context";
import { NamedIcon } from "../icons/NamedIcon";

/** Ways to begin: by category where there are categories, else those of the chosen profile, else the application's. */
export function Starters() {
  const { t, settings, profile } = useApp();
  const [open, setOpen] = useState<string | null>(null);
  const categories = settings.starterCategories ?? [];
  const own = settings.chatProfiles?.find(({ name }) => name === profile.name)?.starters ?? [];
  const starters = own.length > 0 ? own : (settings.starters ?? []);

  if (categories.length > 0) {
    const shown = categories.find(({ label }) => label === open)?.starters ?? [];
    return (
      <div id="starters" className="starter-categories" role="group" aria-label={t("page.starters")}>
        <div className="categories">
          {categories.map(({ label, icon }) => (
            <button
              key={label}
              type="button"
              className="button quiet"
              aria-expanded={label === open}
              onClick={() => setOpen(label === open ? null : label)}
            >
              <NamedIcon icon={icon} />
              <span dir="auto">{label}</span>
            </button>
          ))}
        </div>
        {shown.length > 0 && <List starters={shown} />}
      </div>
    );
  }
  if (starters.length === 0) return null;
  return (
    <div id="starters" role="group" aria-label={t("page.starters")}>
      <List starters={starters} />
    </div>
  );
}

function List({ starters }: { starters: readonly Starter[] }) {
  const { chat } = useApp();
  return (
    <ul className="starters">
      {starters.map(({ label, message, command, icon }, at) => (
        <li key={at}>
          <button
            type="button"
            id={`starter-${label.trim().toLowerCase().replace(/ /g, "-")}`}
            onClick={() => chat.send(message, { command: command ?? null })}
          >
            <NamedIcon icon={icon} />
            <span dir="auto">{label}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
