import { useRef } from "react";
import { useSelect } from "../../client/hooks";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { Conversation } from "../conversation/Conversation";
import { useStickToBottom } from "../conversation/useStickToBottom";
import { ElementView } from "../element-view/ElementView";
import { SideView } from "../side-view/SideView";
import { ThemeToggle } from "../theme/ThemeToggle";
import "../app/page.css";
import "../header/header.css";
import "../history/view-note.css";

const selectState = ({ opening, view }: ConversationState) => (opening ? "opening" : view === "shared" ? "there" : "missing");

/** A conversation that its author shares by a link: to be read, and nothing else. */
export default function SharedPage() {
  const { t, root, chat, name, settings } = useApp();
  const state = useSelect(chat.conversation, selectState);
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { atBottom } = useStickToBottom(scroller, content, true);
  const title = t("page.title", { name });
  return (
    <div className={settings.ui?.layout === "wide" ? "page wide" : "page"}>
      <header id="header" className="header">
        <span className="shared-mark">{t("page.history.shared")}</span>
        <span className="header-name" dir="auto">
          {name}
        </span>
        <div className="header-tools">
          <ThemeToggle />
        </div>
      </header>
      <main ref={scroller} className="scroller" aria-label={title}>
        <h1 className="hidden">{title}</h1>
        <div ref={content} className="column">
          {state === "there" && <Conversation atBottom={atBottom} />}
          {state === "missing" && <p role="alert">{t("page.history.missing")}</p>}
        </div>
      </main>
      <footer className="dock">
        <div className="view-note" role="note">
          <p>{t("page.history.sharedNote")}</p>
          <a className="button" href={`${root}/`}>
            {t("navigation.newChat.button")}
          </a>
        </div>
      </footer>
      <SideView />
      <ElementView />
    </div>
  );
}
