import { type Api, ApiError, type AuthConfig, createApi } from "../../client/api";
import { Chat } from "../../client/chat";
import { prepareSockets } from "../../client/connection/socket";
import { browserLanguage, createTranslate, directionOf, shownLanguage, type Translate } from "../../client/i18n/translate";
import { readRootPath } from "../../client/root";
import { UserEnv } from "../../client/userEnv";
import { theme } from "../theme/theme";
import type { AppValue } from "./context";

declare global {
  // Only an interface can be added to.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    /** Injected by the server from `project.transports`. */
    transports?: ("websocket" | "polling")[];
  }
}

export type Boot =
  | { phase: "loading" }
  | { phase: "unreachable"; t: Translate }
  | { phase: "login"; t: Translate; api: Api; auth: AuthConfig }
  | { phase: "ready"; app: AppValue };

/** Asks the server for all that the page needs before it can be drawn. */
export async function boot(): Promise<Boot> {
  prepareSockets();
  const root = readRootPath(document);
  const api = createApi(root);
  const language = browserLanguage(navigator.language);
  const [settings, translation] = await Promise.allSettled([api.settings(language), api.translations(language)]);
  const texts = translation.status === "fulfilled" ? translation.value : {};
  const t = createTranslate(texts);

  const wanted = (settings.status === "fulfilled" && settings.value.ui?.language) || language;
  const shown = shownLanguage(wanted, texts);
  document.documentElement.lang = shown;
  document.documentElement.dir = directionOf(shown);

  if (settings.status === "rejected") {
    if (settings.reason instanceof ApiError && settings.reason.status === 401) {
      const auth = await api.authConfig().catch((): AuthConfig => ({}));
      if (auth.default_theme) theme.suggest(auth.default_theme);
      return { phase: "login", t, api, auth };
    }
    return { phase: "unreachable", t };
  }

  const { ui = {}, features = {} } = settings.value;
  if (ui.default_theme) theme.suggest(ui.default_theme);
  const name = ui.name ?? t("page.assistant");
  if (document.title === "") document.title = name;
  const userEnv = new UserEnv(settings.value.userEnv ?? []);
  const chat = new Chat({
    root,
    api,
    transports: window.transports,
    userName: "User",
    userEnv,
    fetchFavorites: features.favorites === true,
  });
  const detail = ui.cot ?? "full";
  return { phase: "ready", app: { t, root, api, chat, userEnv, settings: settings.value, name, detail } };
}
