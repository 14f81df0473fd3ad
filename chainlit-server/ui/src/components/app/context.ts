import { createContext, useContext } from "react";
import type { Api } from "../../client/api";
import type { Chat } from "../../client/chat";
import type { Translate } from "../../client/i18n/translate";
import type { ProjectSettings } from "../../client/protocol";
import type { Detail } from "../../client/state";
import type { UserEnv } from "../../client/userEnv";

/** What every part of the page may need. It does not change while the page lives. */
export type AppValue = {
  t: Translate;
  /** The path below which the server lives. */
  root: string;
  api: Api;
  chat: Chat;
  userEnv: UserEnv;
  settings: ProjectSettings;
  name: string;
  detail: Detail;
};

export const AppContext = createContext<AppValue | null>(null);

export function useApp(): AppValue {
  const value = useContext(AppContext);
  if (value === null) throw new Error("a component is used outside of the application");
  return value;
}
