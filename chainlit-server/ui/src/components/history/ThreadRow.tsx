import { type KeyboardEvent, memo, type MouseEvent, useEffect, useRef } from "react";
import type { ThreadDict } from "../../client/protocol";
import { useApp } from "../app/context";
import { DownloadIcon, PencilIcon } from "../icons/icons";
import { Menu, type MenuItem } from "../menu/Menu";
import { BoxIcon, LinkIcon, MoreIcon, TrashIcon } from "./icons";
import { moveFocus } from "./moveFocus";
import { useHistory } from "./useHistory";

type Props = {
  thread: ThreadDict;
  current: boolean;
  renaming: boolean;
  onRename: (id: string | null) => void;
  onAsk: (kind: "delete" | "share") => void;
  onChosen: (() => void) | null;
};

/** One conversation: its link, and what can be done with it. */
export const ThreadRow = memo(function ThreadRow({ thread, current, renaming, onRename, onAsk, onChosen }: Props) {
  const { t, go } = useApp();
  const link = useRef<HTMLAnchorElement>(null);
  const { id } = thread;
  const name = thread.name || t("threadHistory.thread.untitled");

  const follow = (event: MouseEvent) => {
    // Another tab or window is the browser's to open.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onChosen?.();
    void go.open(id).then(() => document.getElementById("chat-input")?.focus());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (moveFocus(event)) return;
    if (event.key !== "F2" && event.key !== "Delete") return;
    event.preventDefault();
    if (event.key === "F2") onRename(id);
    else onAsk("delete");
  };
  const close = () => {
    onRename(null);
    // The field makes room for the link first.
    requestAnimationFrame(() => link.current?.focus());
  };
  return (
    <li id={`thread-${id}`} className={current ? "thread current" : "thread"}>
      {renaming ? (
        <NameField thread={thread} onClose={close} />
      ) : (
        <>
          <a
            ref={link}
            className="thread-link"
            href={go.addressOf(id)}
            aria-current={current ? "page" : undefined}
            title={name}
            onClick={follow}
            onKeyDown={onKeyDown}
          >
            {thread.metadata?.["is_shared"] === true && <LinkIcon />}
            <span dir="auto">{name}</span>
          </a>
          <Options thread={thread} name={name} onRename={() => onRename(id)} onAsk={onAsk} />
        </>
      )}
    </li>
  );
});

type OptionsProps = { thread: ThreadDict; name: string; onRename: () => void; onAsk: Props["onAsk"] };

function Options({ thread: { id }, name, onRename, onAsk }: OptionsProps) {
  const { t, api, settings } = useApp();
  const archive = useArchive(id);
  const share: MenuItem = {
    id: "share-thread",
    label: t("threadHistory.thread.menu.share"),
    icon: <LinkIcon />,
    onChoose: () => onAsk("share"),
  };
  const exports = (["json", "markdown", "html"] as const).map((format) => ({
    label: t("page.history.export", { format: { json: "JSON", markdown: "Markdown", html: "HTML" }[format] }),
    icon: <DownloadIcon />,
    href: api.exportUrl(id, format),
  }));
  return (
    <Menu
      id="thread-options"
      className="icon-button small thread-options"
      label={t("page.history.options", { name })}
      groups={[
        [
          { id: "rename-thread", label: t("threadHistory.thread.menu.rename"), icon: <PencilIcon />, onChoose: onRename },
          ...(settings.threadSharing === true ? [share] : []),
          archive,
        ],
        exports,
        [
          {
            id: "delete-thread",
            label: t("threadHistory.thread.menu.delete"),
            icon: <TrashIcon />,
            danger: true,
            onChoose: () => onAsk("delete"),
          },
        ],
      ]}
    >
      <MoreIcon />
    </Menu>
  );
}

function useArchive(id: string): MenuItem {
  const { t, chat } = useApp();
  const history = useHistory();
  const { archived } = history.list.get();
  const label = t(archived ? "page.history.unarchive" : "page.history.toArchive");
  const onChoose = () => {
    void history.archive(id, !archived).catch((failure: Error) => {
      chat.toast(t("page.actionFailed", { action: label, reason: failure.message }), "error");
    });
  };
  return { id: "archive-thread", label, icon: <BoxIcon />, onChoose };
}

/** The name is changed where it stands. */
function NameField({ thread: { id, name }, onClose }: { thread: ThreadDict; onClose: () => void }) {
  const { t, chat } = useApp();
  const history = useHistory();
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);

  const finish = (text: string | null) => {
    // Leaving the field closes it, which leaves it once more.
    if (done.current) return;
    done.current = true;
    onClose();
    const wanted = text?.trim() ?? "";
    if (wanted === "" || wanted === name) return;
    void history.rename(id, wanted).catch((failure: Error) => {
      chat.toast(t("page.actionFailed", { action: t("threadHistory.thread.menu.rename"), reason: failure.message }), "error");
    });
  };
  return (
    <input
      ref={field}
      className="thread-name"
      dir="auto"
      aria-label={t("threadHistory.thread.actions.rename.form.name.label")}
      placeholder={t("threadHistory.thread.actions.rename.form.name.placeholder")}
      maxLength={240}
      defaultValue={name ?? ""}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          finish(null);
        } else if (event.key === "Enter") finish(event.currentTarget.value);
      }}
    />
  );
}
