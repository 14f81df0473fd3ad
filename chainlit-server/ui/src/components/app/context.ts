import { createContext, useContext } from "react";
import type { Api, ApiUser } from "../../client/api";
import type { Chat } from "../../client/chat";
import type { History } from "../../client/history/history";
import type { Translate } from "../../client/i18n/translate";
import type { Navigator } from "../../client/navigator";
import type { ChosenProfile } from "../../client/profile";
import type { ProjectSettings } from "../../client/protocol";
import type { Detail } from "../../client/state";
import type { UserEnv } from "../../client/userEnv";

/** What the page is made of. Only what the settings say may change while it lives, with the chosen profile. */
export type AppParts = {
  t: Translate;
  /** The path below which the server lives. */
  root: string;
  api: Api;
  /** Null where nobody logs in. */
  user: ApiUser;
  chat: Chat;
  go: Navigator;
  /** The reader's stored conversations; `null` where there are none. */
  history: History | null;
  userEnv: UserEnv;
  language: string;
  profile: ChosenProfile;
  settings: ProjectSettings;
  name: string;
  detail: Detail;
};

/** What every part of the page may need. */
export type AppValue = AppParts & {
  /** Begins a new chat with another of the application's profiles. */
  chooseProfile: (name: string) => Promise<void>;
};

export const AppContext = createContext<AppValue | null>(null);

export function useApp(): AppValue {
  const value = useContext(AppContext);
  if (value === null) throw new Error("a component is used outside of the application");
  return value;
}
