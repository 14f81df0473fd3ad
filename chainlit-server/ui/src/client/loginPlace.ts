import { safeStorage } from "./connection/session";

const key = "chainlit-after-login";

/** The part of the window that is looked at and changed; tests bring their own. */
export type LoginWindow = {
  location: Pick<Location, "pathname" | "search" | "hash" | "replace">;
  history: Pick<History, "replaceState">;
};

/**
 * The address of the page where one logs in, and the way back to where one was. Only paths of this application are
 * remembered: an address from elsewhere could lead anywhere.
 */
export function loginPlace(
  root: string,
  page: LoginWindow = window,
  storage = safeStorage(() => window.sessionStorage),
) {
  const login = `${root}/login`;
  const here = () => `${page.location.pathname}${page.location.search}${page.location.hash}`;
  const isLogin = (path: string) => path === login || path.startsWith(`${login}/`) || path.startsWith(`${login}?`);
  const isOurs = (path: string) => path.startsWith(`${root}/`) && !path.startsWith("//") && !path.includes("\\");
  const remember = () => {
    if (!isLogin(here())) storage.setItem(key, here());
  };
  return {
    /** The page itself becomes the one where one logs in. */
    showLogin: () => {
      if (isLogin(here())) return;
      remember();
      page.history.replaceState(null, "", login);
    },
    /** What the page shows is gone from it: nothing of one reader's stays for the next one. */
    leaveForLogin: () => {
      remember();
      page.location.replace(login);
    },
    /** Somebody has logged in. */
    comeBack: () => {
      const remembered = storage.getItem(key);
      storage.removeItem(key);
      if (!isLogin(here())) return;
      const target = remembered !== null && isOurs(remembered) && !isLogin(remembered) ? remembered : `${root}/`;
      page.history.replaceState(null, "", target);
    },
  };
}
