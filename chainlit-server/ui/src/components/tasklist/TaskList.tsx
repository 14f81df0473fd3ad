import { useMemo } from "react";
import { useSelect } from "../../client/hooks";
import type { ElementDict } from "../../client/protocol";
import { type ConversationState, selectTaskList } from "../../client/state";
import { useApp } from "../app/context";
import { besideBothQuery, besideQuery, useMedia } from "../app/useMedia";
import { useSource } from "../elements/source";
import { useContent } from "../elements/useContent";
import { CheckIcon, ChevronIcon, CloseIcon, DotIcon } from "../icons/icons";
import { Markdown } from "../markdown/Markdown";
import { useSettingsPlace } from "../settings/open";
import { readTasks, type Task, type Tasks } from "./tasks";
import "./tasklist.css";

/** The application's newest list of tasks: beside the conversation, or folded above it where there is no room. */
export function TaskList() {
  const { chat } = useApp();
  const element = useSelect(chat.conversation, selectTaskList);
  return element === null ? null : <Loaded element={element} />;
}

const hasSideView = (state: ConversationState) => state.sideView !== null;

function Loaded({ element }: { element: ElementDict }) {
  const { t, chat } = useApp();
  const hasSide = useSelect(chat.conversation, hasSideView);
  const settings = useSettingsPlace();
  const crowded = hasSide || (settings.isPanel && settings.inFront);
  const source = useSource(element);
  const content = useContent(source.kind === "here" ? source.url : null);
  const text = content.phase === "done" ? content.text : null;
  const list = useMemo(() => (text === null ? null : readTasks(text)), [text]);
  const wide = useMedia(crowded ? besideBothQuery : besideQuery);
  if (list === null) return null;
  if (wide) {
    return (
      <aside className="tasklist" aria-label={t("page.tasks.title")}>
        <h2>
          <Head list={list} />
        </h2>
        <List list={list} />
      </aside>
    );
  }
  return (
    <details className="tasklist tasklist-mobile">
      <summary>
        <ChevronIcon />
        <Head list={list} />
      </summary>
      <List list={list} />
    </details>
  );
}

function Head({ list }: { list: Tasks }) {
  const { t } = useApp();
  const done = list.tasks.filter(({ status }) => status === "done").length;
  return (
    <>
      <span dir="auto" aria-live="polite">
        {list.status || t("page.tasks.title")}
      </span>
      <small>{t("page.tasks.done", { done, count: list.tasks.length })}</small>
    </>
  );
}

function List({ list }: { list: Tasks }) {
  return (
    <ol>
      {list.tasks.map((task, at) => (
        <OneTask key={at} task={task} />
      ))}
    </ol>
  );
}

const icons = { ready: DotIcon, failed: CloseIcon, done: CheckIcon };

function OneTask({ task }: { task: Task }) {
  const { t } = useApp();
  const { status, forId } = task;
  const Icon = status === "running" ? null : icons[status];
  const content = (
    <>
      {Icon === null ? <span className="task-busy" aria-hidden="true" /> : <Icon />}
      <span className="task-title" dir="auto">
        <Markdown text={task.title} growing={false} />
      </span>
      <span className="hidden">{t(`page.tasks.${status === "done" ? "finished" : status}`)}</span>
    </>
  );
  return (
    <li className={`task task-status-${status}`}>
      {forId === null ? (
        <div className="task-row">{content}</div>
      ) : (
        <button type="button" className="task-row" onClick={() => goTo(forId)}>
          {content}
        </button>
      )}
    </li>
  );
}

/** Goes to the message that a task belongs to, if it is in the document. */
function goTo(id: string): void {
  const target = document.querySelector(`[data-step-id="${CSS.escape(id)}"]`);
  if (!(target instanceof HTMLElement)) return;
  target.scrollIntoView({ block: "start" });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
