import type { User } from "../../client/protocol";
import { useApp } from "../app/context";
import { Menu } from "../menu/Menu";

/** Who has logged in, and the way out. */
export function UserMenu({ user }: { user: User }) {
  const { t, api, chat, signedOut } = useApp();
  const name = user.display_name || user.identifier;
  const label = t("navigation.user.menu.logout");
  const leave = async () => {
    try {
      await api.logout();
      chat.forget();
      signedOut.set(true);
    } catch (failure) {
      chat.toast(t("page.actionFailed", { action: label, reason: (failure as Error).message }), "error");
    }
  };
  return (
    <Menu id="user-nav-button" label={name} groups={[[{ id: "logout", label, onChoose: () => void leave() }]]}>
      <span className="initial" aria-hidden="true">
        {[...name][0]?.toUpperCase()}
      </span>
    </Menu>
  );
}
