import { useCallback, useEffect, useRef, useState } from "react";
import { useSelect, useStore } from "../../client/hooks";
import type { ElementDict } from "../../client/protocol";
import { type ConversationState, readElement } from "../../client/state";
import { useApp } from "../app/context";
import { Element } from "../elements/Element";
import { shownName } from "../elements/source";
import { BackIcon } from "../icons/icons";
import { type ElementPlace, elementPlace } from "./place";
import "./element-view.css";

/** An element that has the page to itself, as long as the address names it. */
export function ElementView() {
  const { root } = useApp();
  useEffect(() => elementPlace.watch(root), [root]);
  const place = useStore(elementPlace.store);
  return place === null ? null : <View key={place.id} place={place} />;
}

function View({ place }: { place: ElementPlace }) {
  const { t, root } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const element = useElement(place);
  const title = element === null ? "" : shownName(element);

  useEffect(() => {
    const shown = dialog.current;
    const opener = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      id="element-view"
      aria-label={title || t("page.elements.unnamed")}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        elementPlace.close(root);
      }}
    >
      <header>
        <button type="button" className="text-button" onClick={() => elementPlace.close(root)}>
          <BackIcon />
          <span>{t("page.elements.back")}</span>
        </button>
        <h2 dir="auto">{title}</h2>
      </header>
      <div className="element-view-body">
        {element === null ? <p>{t("page.elements.missing")}</p> : <Element element={element} display="page" />}
      </div>
    </dialog>
  );
}

/** The element of the conversation; one of an older thread is asked for. */
function useElement({ id, threadId }: ElementPlace): ElementDict | null {
  const { api, chat, settings } = useApp();
  const [stored, setStored] = useState<ElementDict | null>(null);
  const known = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => state.elements.get(id) ?? null, [id]),
  );
  const wanted = known === null && threadId !== null && settings.dataPersistence === true;
  useEffect(() => {
    if (!wanted || threadId === null) return;
    let stale = false;
    api.threadElement(threadId, id).then(
      (data) => {
        if (!stale) setStored(readElement(data));
      },
      // Not there, or not for this reader: the page says that it has no such element.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [api, id, threadId, wanted]);
  return known ?? stored;
}
