import { useCallback, useEffect, useMemo, useState } from "react";
import { useSelect, useStore } from "../../client/hooks";
import { type Group, groupThreads } from "../../client/history/groups";
import type { ThreadDict } from "../../client/protocol";
import type { ConversationState } from "../../client/state";
import { useApp } from "../app/context";
import { useReveal } from "../conversation/useReveal";
import { DeleteDialog } from "./DeleteDialog";
import { ShareDialog } from "./ShareDialog";
import { ThreadRow } from "./ThreadRow";
import { useHistory } from "./useHistory";

const selectCurrent = ({ threadId, view }: ConversationState) => (view === "shared" ? null : threadId);

/** What is being done to a conversation that needs a dialog. */
type Asking = { kind: "delete" | "share"; thread: ThreadDict };

/** `onChosen`: a conversation was chosen, and the list is in its way. */
export function ThreadList({ onChosen }: { onChosen: (() => void) | null }) {
  const { t, chat } = useApp();
  const history = useHistory();
  const { threads, cursor, phase, search } = useStore(history.list);
  const current = useSelect(chat.conversation, selectCurrent);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const groups = useGroups(threads);
  const more = useCallback(() => void history.more(), [history]);
  // What comes may not fill the list: then the next page is wanted at once.
  const sentinel = useReveal<HTMLDivElement>(cursor !== null && phase === "ready", more);

  if (phase === "failed") {
    return (
      <div className="history-note" role="alert">
        <p>{t("common.status.error.serverConnection")}</p>
        <button type="button" className="button quiet" onClick={() => void history.refresh()}>
          {t("page.tryNow")}
        </button>
      </div>
    );
  }
  if (threads.length === 0) {
    return (
      <p className="history-note" role="status">
        {t(phase === "ready" ? (search === "" ? "page.history.none" : "threadHistory.sidebar.empty") : "common.status.loading")}
      </p>
    );
  }
  return (
    <>
      {groups.map((group) => (
        <section key={group.key}>
          <h3>
            <GroupName group={group} />
          </h3>
          <ul>
            {group.threads.map((thread) => (
              <ThreadRow
                key={thread.id}
                thread={thread}
                current={thread.id === current}
                renaming={thread.id === renaming}
                onRename={setRenaming}
                onAsk={(kind) => setAsking({ kind, thread })}
                onChosen={onChosen}
              />
            ))}
          </ul>
        </section>
      ))}
      {cursor !== null && (
        <div ref={sentinel} className="history-note" role="status">
          {t("common.status.loading")}
        </div>
      )}
      {asking?.kind === "delete" && <DeleteDialog thread={asking.thread} onClose={() => setAsking(null)} />}
      {asking?.kind === "share" && <ShareDialog thread={asking.thread} onClose={() => setAsking(null)} />}
    </>
  );
}

/** The groups, anew when a day has gone by. */
function useGroups(threads: readonly ThreadDict[]): Group[] {
  const [day, setDay] = useState(() => new Date().toDateString());
  useEffect(() => {
    const timer = setInterval(() => setDay(new Date().toDateString()), 60_000);
    return () => clearInterval(timer);
  }, []);
  // The day itself is what makes them others.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => groupThreads(threads, new Date()), [threads, day]);
}

function GroupName({ group: { key, month } }: { group: Group }) {
  const { t } = useApp();
  if (month === null) return t(`threadHistory.sidebar.timeframes.${key}`);
  const isThisYear = month.getFullYear() === new Date().getFullYear();
  return month.toLocaleDateString(document.documentElement.lang, { month: "long", ...(isThisYear ? {} : { year: "numeric" }) });
}
