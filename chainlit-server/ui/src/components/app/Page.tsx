import { lazy, Suspense, useRef } from "react";
import { useSelect } from "../../client/hooks";
import { type ConversationState, TOP } from "../../client/state";
import { Composer } from "../composer/Composer";
import { ConnectionBanner } from "../connection/ConnectionBanner";
import { Announcer } from "../conversation/Announcer";
import { Conversation } from "../conversation/Conversation";
import { useStickToBottom } from "../conversation/useStickToBottom";
import { ElementView } from "../element-view/ElementView";
import { Header } from "../header/Header";
import { ArrowDownIcon } from "../icons/icons";
import { SettingsPanel } from "../settings/SettingsPanel";
import { SideView } from "../side-view/SideView";
import { StartPage } from "../start/StartPage";
import { TaskList } from "../tasklist/TaskList";
import { Toasts } from "../toast/Toasts";
import { useApp } from "./context";
import { useSidebar } from "./useSidebar";
import "./page.css";

const Sidebar = lazy(() => import("../history/Sidebar"));
const ViewNote = lazy(() => import("../history/ViewNote"));

const isEmpty = (state: ConversationState) => (state.children.get(TOP)?.length ?? 0) === 0;
const isBlank = (state: ConversationState) => {
  // Nobody is greeted who waits for a conversation.
  if (state.opening) return false;
  // Runs of handlers are no content: the start page stays until somebody says something.
  if (isEmpty(state)) return true;
  for (const step of state.steps.values()) if (step.type !== "run") return false;
  return true;
};

const selectIsLive = (state: ConversationState) => state.view === "live";

export function Page() {
  const { t, chat, settings, name } = useApp();
  const sidebar = useSidebar();
  const isLive = useSelect(chat.conversation, selectIsLive);
  const blank = useSelect(chat.conversation, isBlank);
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const scroll = useStickToBottom(scroller, content, settings.features?.assistant_message_autoscroll !== false);
  const followOwn = settings.features?.user_message_autoscroll !== false;

  return (
    <div className={settings.ui?.layout === "wide" ? "page wide" : "page"}>
      {isLive && (
        <a className="skip-link" href="#chat-input">
          {t("page.skip")}
        </a>
      )}
      <Header sidebar={sidebar} />
      {sidebar !== null && (
        <Suspense>
          <Sidebar open={sidebar.open} setOpen={sidebar.setOpen} />
        </Suspense>
      )}
      <main ref={scroller} className={blank ? "scroller blank" : "scroller"} aria-label={t("page.title", { name })}>
        <h1 className="hidden">{t("page.title", { name })}</h1>
        <div ref={content} className="column">
          {blank ? <StartPage /> : <Conversation atBottom={scroll.atBottom} />}
        </div>
      </main>
      <footer className="dock">
        {!scroll.atBottom && !blank && (
          <button
            type="button"
            className="to-newest"
            aria-label={t("page.newest")}
            title={t("page.newest")}
            onClick={scroll.toBottom}
          >
            <ArrowDownIcon />
          </button>
        )}
        <Toasts />
        {isLive ? (
          <>
            <ConnectionBanner />
            <Composer onSent={followOwn ? scroll.toBottom : undefined} />
          </>
        ) : (
          <Suspense>
            <ViewNote />
          </Suspense>
        )}
      </footer>
      <TaskList />
      <SideView />
      <ElementView />
      <SettingsPanel />
      <Announcer />
    </div>
  );
}
