import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { useSelect } from "../../client/hooks";
import type { ConversationState, SideView as Shown } from "../../client/state";
import { useApp } from "../app/context";
import { besideQuery, useMedia } from "../app/useMedia";
import { Element as ShownElement } from "../elements/Element";
import { CloseIcon } from "../icons/icons";
import { useSettingsPlace } from "../settings/open";
import { useWidth } from "./useWidth";
import "./side-view.css";

const selectSide = (state: ConversationState) => state.sideView;
const selectElements = (state: ConversationState) => state.elements;

/** What the application or the reader wants to see beside the conversation; over it where there is no room. */
export function SideView() {
  const { chat } = useApp();
  const shown = useSelect(chat.conversation, selectSide);
  const wide = useMedia(besideQuery);
  const { isPanel, inFront } = useSettingsPlace();
  if (shown === null) return null;
  const behind = isPanel && inFront;
  if (wide) return <Panel shown={shown} hidden={behind} />;
  if (behind) return null;
  // Nobody asked for this one, so it does not cover the conversation.
  return shown.byItself ? null : <Sheet shown={shown} />;
}

const isInDialog = (target: EventTarget) => target instanceof Element && target.closest("dialog") !== null;

function Panel({ shown, hidden }: { shown: Shown; hidden: boolean }) {
  const { t, chat } = useApp();
  const panel = useRef<HTMLElement>(null);
  const { width, handle } = useWidth(panel);
  const close = useGivesFocusBack(shown, panel);
  return (
    // Escape closes it from wherever in it the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      ref={panel}
      className="side-view"
      // A component keeps its state while the settings are in front of it.
      hidden={hidden}
      aria-label={t("page.elements.side")}
      style={{ width }}
      onKeyDown={(event) => {
        // A dialog inside, as that of a picture, is closed by itself.
        if (event.key !== "Escape" || event.defaultPrevented || isInDialog(event.target)) return;
        event.stopPropagation();
        close();
        chat.closeSideView();
      }}
    >
      {/* A separator that can be moved is a control: it is reached and moved by keyboard as well. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="side-handle" role="separator" aria-orientation="vertical" aria-label={t("page.elements.width")} tabIndex={0} {...handle} />
      <Content shown={shown} onClose={close} />
    </aside>
  );
}

/** On a small screen the side view is a dialog: Escape and the button close it. */
function Sheet({ shown }: { shown: Shown }) {
  const { t, chat } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useGivesFocusBack(shown, dialog);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="side-view sheet"
      aria-label={t("page.elements.side")}
      onCancel={(event) => {
        // Not for a dialog inside, as that of a picture.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        close();
        chat.closeSideView();
      }}
    >
      <Content shown={shown} onClose={close} />
    </dialog>
  );
}

/** Remembers what had the focus when the content came, and gives it back at the end if the view has it then. */
function useGivesFocusBack(shown: Shown, view: RefObject<HTMLElement | null>): () => void {
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    const active = document.activeElement;
    if (active !== null && !view.current?.contains(active)) opener.current = active;
  }, [shown, view]);
  return () => {
    const back = opener.current;
    if (!view.current?.contains(document.activeElement)) return;
    // The view goes away with the next drawing; the focus has to be elsewhere by then.
    requestAnimationFrame(() => {
      if (back instanceof HTMLElement && back.isConnected) back.focus();
    });
  };
}

function Content({ shown, onClose }: { shown: Shown; onClose: () => void }): ReactNode {
  const { t, chat } = useApp();
  const elements = useSelect(chat.conversation, selectElements);
  return (
    <>
      <div className="side-head">
        <h2 id="side-view-title" dir="auto">
          {shown.title}
        </h2>
        <button
          type="button"
          className="icon-button"
          aria-label={t("page.close")}
          onClick={() => {
            onClose();
            chat.closeSideView();
          }}
        >
          <CloseIcon />
        </button>
      </div>
      <div id="side-view-content">
        {shown.elements.map((id) => {
          const element = elements.get(id);
          return element === undefined ? null : <ShownElement key={id} element={element} display="side" />;
        })}
      </div>
    </>
  );
}
