import { useCallback } from "react";
import { useSelect } from "../../client/hooks";
import type { ElementDict } from "../../client/protocol";
import { type ConversationState, selectElements } from "../../client/state";
import { useApp } from "../app/context";
import { Element } from "../elements/Element";
import { ElementLink } from "../elements/ElementLink";
import { isNamed, linkOf } from "../elements/linked";

/** The elements of a message: shown, or linked if its text (`text`) does not name them. */
export function Elements({ id, text }: { id: string; text: string }) {
  const { t, chat } = useApp();
  const elements = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectElements(state, id), [id]),
  );
  const shown = elements.filter((element) => isInline(element) || !isNamed(text, element));
  if (shown.length === 0) return null;
  return (
    <div className="elements">
      {shown.map((element) =>
        isInline(element) ? (
          <Element key={element.id} element={element} display="inline" />
        ) : (
          <ElementLink key={element.id} linked={linkOf(element)}>
            {linkOf(element).name || t("page.elements.unnamed")}
          </ElementLink>
        ),
      )}
    </div>
  );
}

const isInline = ({ display }: ElementDict) => display !== "side" && display !== "page";
