import { useApp } from "../app/context";
import { elementPath, elementPlace } from "../element-view/place";

/** What is needed to link an element's name. */
export type Linked = { id: string; name: string; page: boolean; threadId: string | null };

/** An element's name in a text: opens it beside the conversation, or on its own page. */
export function ElementLink({ linked, children }: { linked: Linked; children: string }) {
  const { chat, root } = useApp();
  return (
    <a
      className="element-link"
      href={`${root}${elementPath(linked.id, linked.threadId)}`}
      onClick={(event) => {
        // A new tab or window is the reader's own choice.
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        if (linked.page) elementPlace.open(root, linked.id, linked.threadId);
        else chat.openElement(linked.id);
      }}
    >
      {children}
    </a>
  );
}
