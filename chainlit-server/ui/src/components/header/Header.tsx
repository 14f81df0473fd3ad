import { useApp } from "../app/context";
import { ThemeToggle } from "../theme/ThemeToggle";
import { Profiles } from "../profile/Profiles";
import { SettingsButton } from "../settings/SettingsButton";
import { NewChat } from "./NewChat";
import { Readme } from "./Readme";
import { UserMenu } from "./UserMenu";
import { safeLink } from "../markdown/safety";
import "./header.css";

export function Header() {
  const { settings, name } = useApp();
  const links = settings.ui?.header_links ?? [];
  return (
    <header id="header" className="header">
      <div className="header-start">
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
