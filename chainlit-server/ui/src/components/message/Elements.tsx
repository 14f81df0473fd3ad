import { useCallback } from "react";
import { useSelect } from "../../client/hooks";
import type { ElementDict } from "../../client/protocol";
import { type ConversationState, selectElements } from "../../client/state";
import { useApp } from "../app/context";
import { FileIcon } from "../icons/icons";
import { RemoteImage } from "../markdown/RemoteImage";
import { safeLink } from "../markdown/safety";

/** Characters that turn the direction of writing can make `exe.txt` of `txt.exe`. */
const turning = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function Elements({ id }: { id: string }) {
  const { chat } = useApp();
  const elements = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectElements(state, id), [id]),
  );
  if (elements.length === 0) return null;
  return (
    <div className="elements">
      {elements.map((element) => (
        <OneElement key={element.id} element={element} />
      ))}
    </div>
  );
}

function OneElement({ element }: { element: ElementDict }) {
  const { api, chat } = useApp();
  const name = (element.name ?? "").replace(turning, "\ufffd");
  const stored = element.chainlitKey ? api.fileUrl(chat.sessionId, element.chainlitKey) : null;
  const url = element.url ?? stored;
  if (url === null || element.type === "custom" || element.type === "tasklist") return null;
  if (element.type === "image") {
    return (
      <div className="inline-image">
        <RemoteImage address={url} text={name} />
      </div>
    );
  }
  const href = safeLink(url);
  if (href === null) return <span className="dead-link">{name}</span>;
  if (element.type === "audio" && stored !== null) {
    return (
      <div className="inline-audio">
        {/* eslint-disable-next-line jsx-a11y/media-has-caption -- the application has none to give */}
        <audio controls src={href} aria-label={name} />
      </div>
    );
  }
  return (
    <a className="inline-file" href={href} download={name} target="_blank" rel="noopener noreferrer">
      <FileIcon />
      <span>{name}</span>
    </a>
  );
}
