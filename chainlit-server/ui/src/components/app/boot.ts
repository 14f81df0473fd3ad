import { type Api, ApiError, type AuthConfig, createApi } from "../../client/api";
import { Chat } from "../../client/chat";
import { prepareSockets } from "../../client/connection/socket";
import { browserLanguage, createTranslate, directionOf, shownLanguage, type Translate } from "../../client/i18n/translate";
import { loginPlace } from "../../client/loginPlace";
import { ChosenProfile } from "../../client/profile";
import type { ProjectSettings } from "../../client/protocol";
import { settleReader } from "../../client/reader";
import { readRootPath } from "../../client/root";
import { UserEnv } from "../../client/userEnv";
import { theme } from "../theme/theme";
import type { AppParts } from "./context";

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
  | { phase: "ready"; app: AppParts };

/** Asks the server for all that the page needs before it can be drawn. */
export async function boot(): Promise<Boot> {
  prepareSockets();
  const root = readRootPath(document);
  const place = loginPlace(root);
  let running: Chat | null = null;
  const api = createApi(root, undefined, () => {
    // Before there is a conversation, the page asks what it needs and is told here.
    if (running !== null) place.leaveForLogin();
  });
  const language = browserLanguage(navigator.language);
  const profile = new ChosenProfile();
  const [settings, translation, known] = await Promise.allSettled([
    settingsFor(api, language, profile),
    api.translations(language),
    api.user(),
  ]);
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
      place.showLogin();
      return { phase: "login", t, api, auth };
    }
    return { phase: "unreachable", t };
  }

  const { ui = {}, features = {}, userEnv: keys } = settings.value;
  if (ui.default_theme) theme.suggest(ui.default_theme);
  const part = settingsPart(settings.value, t);
  const user = known.status === "fulfilled" ? known.value : null;
  if (user !== null) settleReader(user.identifier);
  place.comeBack();
  const userEnv = new UserEnv(keys ?? []);
  const chat = new Chat({
    root,
    api,
    transports: window.transports,
    userName: user?.identifier ?? "User",
    userEnv,
    profile,
    onLoggedOut: place.leaveForLogin,
    fetchFavorites: features.favorites === true,
    sampleRate: features.audio?.sample_rate ?? 24_000,
  });
  running = chat;
  return { phase: "ready", app: { t, root, api, user, chat, userEnv, language, profile, ...part } };
}

/** What follows from the settings, which depend on the chosen profile. */
export function settingsPart(settings: ProjectSettings, t: Translate): Pick<AppParts, "settings" | "name" | "detail"> {
  return { settings, name: settings.ui?.name ?? t("page.assistant"), detail: settings.ui?.cot ?? "full" };
}

/** The settings as they are with the tab's profile: which profiles there are stands in them. */
async function settingsFor(api: Api, language: string, profile: ChosenProfile): Promise<ProjectSettings> {
  const asked = profile.name;
  const settings = await api.settings(language, asked);
  profile.settle(settings.chatProfiles ?? []);
  return profile.name === asked ? settings : api.settings(language, profile.name).catch(() => settings);
}
