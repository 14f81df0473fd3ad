import { type Api, ApiError, type ApiUser, type AuthConfig, createApi } from "../../client/api";
import { Chat } from "../../client/chat";
import { History } from "../../client/history/history";
import { prepareSockets } from "../../client/connection/socket";
import { browserLanguage, createTranslate, directionOf, shownLanguage, type Translate } from "../../client/i18n/translate";
import { loginPlace } from "../../client/loginPlace";
import { Navigator } from "../../client/navigator";
import { readPlace } from "../../client/place";
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
  const isLink = readPlace(window.location.pathname, root).kind === "share";
  const [settings, translation, known] = await Promise.allSettled([
    // Whoever has the link of a conversation need not log in to read it.
    settingsFor(api, language, profile).catch((failure: unknown): ProjectSettings => {
      // The server wrote the name into the page.
      if (isLink && isUnknown(failure)) return { ui: { name: document.title } };
      throw failure;
    }),
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
    if (isUnknown(settings.reason)) {
      const auth = await api.authConfig().catch((): AuthConfig => ({}));
      if (auth.default_theme) theme.suggest(auth.default_theme);
      place.showLogin();
      return { phase: "login", t, api, auth };
    }
    return { phase: "unreachable", t };
  }

  const { ui = {}, features = {}, userEnv: keys, dataPersistence, threadResumable } = settings.value;
  if (ui.default_theme) theme.suggest(ui.default_theme);
  const part = settingsPart(settings.value, t);
  const user = known.status === "fulfilled" ? known.value : null;
  if (user !== null) settleReader(user.identifier);
  place.comeBack();
  // Without a user there is nobody whose conversations could be listed.
  const keeps = dataPersistence === true && user !== null && !isLink;
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
    threads: !keeps ? null : { resumable: threadResumable === true },
  });
  running = chat;
  const go = new Navigator(root, chat, keeps);
  const history = keeps && user !== null ? keep(user, { api, root, chat, go, t }) : null;
  chat.onMissed = ({ reason, isReady }) => {
    if (isLink) return;
    go.leaveMissed(isReady);
    if (!isReady) chat.toast(reason ?? t("page.history.missing"), "error");
  };
  return { phase: "ready", app: { t, root, api, user, chat, go, history, userEnv, language, profile, ...part } };
}

const isUnknown = (failure: unknown) => failure instanceof ApiError && failure.status === 401;

/** The user's stored conversations, as the conversation of this page has them. */
function keep(user: NonNullable<ApiUser>, { api, root, chat, go, t }: Pick<AppParts, "api" | "root" | "chat" | "go" | "t">) {
  const history = new History({
    api,
    root,
    user,
    sessionId: () => chat.sessionId,
    onRemoved: (id, elsewhere) => {
      if (chat.conversation.get().threadId !== id) return;
      // The notices go with the old conversation.
      void go.newChat().then(() => {
        if (elsewhere) chat.toast(t("page.history.removedElsewhere"), "info");
      });
    },
  });
  chat.onBegun = (id, name) => history.begun(id, name);
  chat.onSettled = () => void history.refresh();
  return history;
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
