import type { SidebarState } from "../app/useSidebar";
import { useApp } from "../app/context";
import { ThemeToggle } from "../theme/ThemeToggle";
import { Profiles } from "../profile/Profiles";
import { SettingsButton } from "../settings/SettingsButton";
import { NewChat } from "./NewChat";
import { PanelIcon } from "../icons/icons";
import { Readme } from "./Readme";
import { UserMenu } from "./UserMenu";
import { safeLink } from "../markdown/safety";
import "./header.css";

/** `sidebar`: that of the stored conversations, if there is one. */
export function Header({ sidebar }: { sidebar: SidebarState | null }) {
  const { t, settings, name } = useApp();
  const links = settings.ui?.header_links ?? [];
  return (
    <header id="header" className="header">
      <div className="header-start">
        {sidebar !== null && (
          <button
            type="button"
            id="sidebar-trigger-button"
            className="icon-button"
            aria-label={t(`threadHistory.sidebar.actions.${sidebar.open ? "close" : "open"}`)}
            aria-expanded={sidebar.open}
            title={t("threadHistory.sidebar.title")}
            onClick={() => sidebar.setOpen(!sidebar.open)}
          >
            <PanelIcon />
          </button>
        )}
        <NewChat />
        <Profiles />
      </div>
      <span className="header-name" dir="auto">
        {name}
      </span>
      <nav className="header-tools">
        {links.map((link) => {
          const href = safeLink(link.url);
          return href === null ? null : (
            <a key={link.name} className="text-button" href={href} target={link.target ?? "_blank"} rel="noopener noreferrer">
              {link.display_name ?? link.name}
            </a>
          );
        })}
        {settings.ui?.chat_settings_location === "sidebar" && <SettingsButton />}
        <Readme />
        <ThemeToggle />
        <UserMenu />
      </nav>
    </header>
  );
}
