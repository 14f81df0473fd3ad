import { useState } from "react";
import { useStore } from "../../client/hooks";
import { useApp } from "../app/context";
import { imageSource } from "../markdown/safety";
import { theme } from "../theme/theme";
import { Starters } from "./Starters";
import "./start.css";

export function StartPage() {
  const { t, api, settings, name, profile } = useApp();
  const shown = useStore(theme.shown);
  const [broken, setBroken] = useState<string | null>(null);
  const logo = settings.ui?.logo_file_url || api.logoUrl(shown);
  // A profile greets with its own picture, as long as that is not another host's.
  const icon = settings.chatProfiles?.find(({ name: one }) => one === profile.name)?.icon ?? "";
  const own = icon === "" ? null : imageSource(api.iconUrl(icon), window.location.href);
  const picture = own?.kind === "here" ? own.url : logo;
  return (
    <section className="start">
      {broken !== picture && <img className="start-logo" src={picture} alt={name} onError={() => setBroken(picture)} />}
      <p className="start-greeting">{t("page.greeting")}</p>
      <Starters />
    </section>
  );
}
