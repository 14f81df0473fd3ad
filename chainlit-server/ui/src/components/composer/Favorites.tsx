import { useRef, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { CloseIcon, StarIcon } from "../icons/icons";

const selectFavorites = (state: ConversationState) => state.favorites;

/** The reader's favourite messages, to be used again. */
export function Favorites({ onUse }: { onUse: (text: string) => void }) {
  const { t, chat, settings } = useApp();
  const favorites = useSelect(chat.conversation, selectFavorites);
  const [open, setOpen] = useState(false);
  if (settings.features?.favorites !== true || settings.dataPersistence !== true) return null;
  const use = (text: string) => {
    setOpen(false);
    onUse(text);
  };
  return (
    <>
      <button
        type="button"
        id="favorites-button"
        className="tool only-icon"
        aria-label={t("chat.favorites.use")}
        title={t("chat.favorites.use")}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <StarIcon />
      </button>
      <Dialog id="favorites" title={t("chat.favorites.headline")} open={open} onClose={() => setOpen(false)}>
        {favorites.length === 0 ? (
          <div className="favorites-empty">
            <p>
              <strong>{t("chat.favorites.empty.title")}</strong>
            </p>
            <p>{t("chat.favorites.empty.description")}</p>
          </div>
        ) : (
          <FavoriteList favorites={favorites} onUse={use} />
        )}
      </Dialog>
    </>
  );
}

function FavoriteList({ favorites, onUse }: { favorites: readonly StepDict[]; onUse: (text: string) => void }) {
  const { t, chat } = useApp();
  const list = useRef<HTMLUListElement>(null);
  return (
    <ul ref={list} className="favorites">
      {favorites.map((step) => (
        <li key={step.id}>
          <button type="button" className="favorite" dir="auto" onClick={() => onUse(step.output ?? "")}>
            {step.output}
          </button>
          <button
            type="button"
            className="icon-button small"
            aria-label={`${t("chat.favorites.remove")}: ${(step.output ?? "").slice(0, 60)}`}
            title={t("chat.favorites.remove")}
            onClick={() => {
              chat.markFavorite(step, false);
              // The button goes away, and the focus with it, unless it has another place.
              list.current?.closest("dialog")?.querySelector<HTMLElement>("button")?.focus();
            }}
          >
            <CloseIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}
