import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useStore } from "../../client/hooks";
import { useApp } from "../app/context";
import { besideQuery, useMedia } from "../app/useMedia";
import { CloseIcon } from "../icons/icons";
import { BoxIcon } from "./icons";
import { ThreadList } from "./ThreadList";
import { useHistory } from "./useHistory";
import "./history.css";

type Props = { open: boolean; setOpen: (open: boolean) => void };

/** A list that was not looked at for this long (in milliseconds) is asked for again. */
const stale = 30_000;

/** The reader's stored conversations: beside the page, or over it where there is no room. */
export default function Sidebar({ open, setOpen }: Props) {
  const { t } = useApp();
  const beside = useMedia(besideQuery);
  const title = t("threadHistory.sidebar.title");
  useFresh(open);
  if (!open) return null;
  if (!beside) return <Drawer title={title} onClose={() => setOpen(false)} />;
  return (
    <nav className="history" aria-label={title}>
      <Content title={title} onChosen={null} />
    </nav>
  );
}

function Drawer({ title, onClose }: { title: string; onClose: () => void }) {
  const { t } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    // A click beside the drawer is a convenience: Escape and the button do the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      className="history drawer"
      aria-label={title}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <button type="button" className="icon-button drawer-close" aria-label={t("threadHistory.sidebar.actions.close")} onClick={onClose}>
        <CloseIcon />
      </button>
      <Content title={title} onChosen={onClose} />
    </dialog>
  );
}

/** `onChosen`: a conversation was chosen, and the list is in its way. */
function Content({ title, onChosen }: { title: string; onChosen: (() => void) | null }) {
  const heading = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    list.current?.querySelector<HTMLElement>(".thread-link")?.focus();
  };
  return (
    <div className="history-box">
      <h2 id={heading}>{title}</h2>
      <Search onKeyDown={onKeyDown} />
      <div ref={list} id="thread-history" className="history-list" role="group" aria-labelledby={heading}>
        <ThreadList onChosen={onChosen} />
      </div>
      <ArchiveButton />
    </div>
  );
}

function Search({ onKeyDown }: { onKeyDown: (event: KeyboardEvent) => void }) {
  const { t } = useApp();
  const history = useHistory();
  const { search } = useStore(history.list);
  return (
    <input
      id="search-chats"
      type="search"
      dir="auto"
      aria-label={t("threadHistory.sidebar.filters.search")}
      placeholder={t("threadHistory.sidebar.filters.placeholder")}
      maxLength={200}
      value={search}
      onChange={(event) => history.search(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}

function ArchiveButton() {
  const { t } = useApp();
  const history = useHistory();
  const { archived } = useStore(history.list);
  return (
    <button
      type="button"
      id="archive-button"
      className="text-button archive"
      aria-pressed={archived}
      onClick={() => history.lookAtArchive(!archived)}
    >
      <BoxIcon />
      <span>{t("page.history.archive")}</span>
    </button>
  );
}

/** What happened elsewhere meanwhile is shown to whoever comes back. */
function useFresh(open: boolean) {
  const history = useHistory();
  useEffect(() => {
    if (!open) return;
    let seen = Date.now();
    void history.refresh();
    const look = () => {
      if (document.visibilityState !== "visible" || Date.now() - seen < stale) return;
      seen = Date.now();
      void history.refresh();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [history, open]);
}
