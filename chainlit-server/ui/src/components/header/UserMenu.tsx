import { useApp } from "../app/context";
import { LeaveIcon } from "../icons/icons";
import { loginPlace } from "../../client/loginPlace";
import { onMenuKey, usePopup } from "../menu/usePopup";
import { safeSource } from "./picture";
import "./user.css";

/** Who is logged in, and the way out. */
export function UserMenu() {
  const { t, root, api, chat, user } = useApp();
  const popup = usePopup();
  const { open, setOpen, button, onBlur } = popup;
  if (user === null) return null;
  const name = user.display_name || user.identifier;
  const picture = safeSource(user.metadata?.["image"]);

  const close = () => popup.close(true);
  const leave = (everywhere: boolean) => {
    close();
    api.logout(everywhere).then(
      () => {
        chat.connection.close();
        loginPlace(root).leaveForLogin();
      },
      () => chat.toast(t("common.status.error.serverConnection"), "error"),
    );
  };

  return (
    <div className="user" onBlur={onBlur}>
      <button
        ref={button}
        type="button"
        id="user-nav-button"
        className="icon-button"
        aria-label={name}
        title={name}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {picture === null ? (
          <span className="user-letter" aria-hidden="true">
            {[...name][0]?.toUpperCase()}
          </span>
        ) : (
          <img className="user-picture" src={picture} alt="" />
        )}
      </button>
      {open && (
        <div className="menu user-menu">
          <p className="user-name" dir="auto">
            {name}
            {name !== user.identifier && <span dir="auto">{user.identifier}</span>}
          </p>
          <div role="menu" tabIndex={-1} aria-label={name} onKeyDown={(event) => onMenuKey(event, "menuitem", close)}>
            {/* The menu was just opened by the reader: the focus belongs into it. */}
            {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
            <button type="button" role="menuitem" autoFocus onClick={() => leave(false)}>
              <LeaveIcon />
              <span>{t("navigation.user.menu.logout")}</span>
            </button>
            <button type="button" role="menuitem" onClick={() => leave(true)}>
              <LeaveIcon />
              <span>{t("navigation.user.menu.logoutEverywhere")}</span>
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
