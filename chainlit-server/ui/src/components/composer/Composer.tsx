import { type ClipboardEvent, type KeyboardEvent, useRef } from "react";
import { useSelect, useStore } from "../../client/hooks";
import type { ConversationState } from "../../client/state";
import { isOnTheWay } from "../../client/upload/uploads";
import { useApp } from "../app/context";
import { AskNotice } from "../ask/AskNotice";
import { MicButton } from "../audio/MicButton";
import { TalkNotice } from "../audio/TalkNotice";
import { ArrowUpIcon, StopIcon } from "../icons/icons";
import { SettingsButton } from "../settings/SettingsButton";
import { Attachments } from "../upload/Attachments";
import { DropZone } from "../upload/DropZone";
import { UploadButton } from "../upload/UploadButton";
import { useAddFiles, useFilePlace } from "../upload/useFiles";
import { CommandList, commandListId, commandOptionId } from "./CommandList";
import { Commands } from "./Commands";
import { Favorites } from "./Favorites";
import { Modes } from "./Modes";
import { useAskFocus } from "./useAskFocus";
import { useCommandList } from "./useCommandList";
import { useDraft } from "./useDraft";
import { useHistory } from "./useHistory";
import { usePrefill } from "./usePrefill";
import { useStopByEscape } from "./useStopByEscape";
import "./composer.css";

const selectRunning = (state: ConversationState) => state.running;
const selectAsk = (state: ConversationState) => state.ask;
const selectCommand = (state: ConversationState) => state.command;

export function Composer({ onSent }: { onSent: (() => void) | undefined }) {
  const { t, chat, settings } = useApp();
  const runs = useSelect(chat.conversation, selectRunning);
  const ask = useSelect(chat.conversation, selectAsk);
  const command = useSelect(chat.conversation, selectCommand);
  const uploads = useStore(chat.uploads.list);
  const { phase } = useStore(chat.connection.state);
  const [text, setText] = useDraft();
  usePrefill(text, setText);
  const recall = useHistory(text, setText);
  const commands = useCommandList(text, setText);
  const files = useFilePlace();
  const addFiles = useAddFiles(files);
  const field = useRef<HTMLTextAreaElement>(null);

  const asksText = ask?.spec.type === "text";
  // An answer belongs to a question that is open on the server; a message can wait for the connection.
  const away = phase === "refused" || phase === "elsewhere";
  const blocked = away || (ask !== null && (!asksText || phase !== "connected"));
  // Nobody would hear a stop from here.
  const running = runs && !away;
  const uploading = !asksText && uploads.some(isOnTheWay);
  // Files and commands go with messages, not with answers.
  const hasMore = !asksText && (command !== null || uploads.some((upload) => upload.phase === "done"));
  const hasContent = text.trim() !== "" || hasMore;
  const ready = hasContent && !blocked && !uploading;
  const reason =
    phase !== "connected" && blocked ? t("page.notConnected") : uploading ? t("page.upload.wait") : t("page.answerFirst");

  useStopByEscape(running);
  useAskFocus(asksText, field);

  const submit = () => {
    if (!ready) return;
    chat.send(text.trim(), { files: asksText ? [] : chat.uploads.take() });
    setText("");
    field.current?.focus();
    onSent?.();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || commands.onKeyDown(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else recall(event);
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    // Text that an office program copies comes with a picture of itself.
    if (files === null || pasted.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    addFiles(pasted);
  };

  const lists = commands.list.length > 0;
  const name = t(asksText ? "page.answerPlaceholder" : "chat.input.placeholder");
  return (
    <div className="composer">
      <AskNotice />
      <TalkNotice />
      {files !== null && <DropZone place={files} onFiles={addFiles} />}
      <div id="message-composer" className={ask === null ? "composer-box" : "composer-box asked"}>
        <Attachments uploads={chat.uploads} id="attachments" />
        {lists && <CommandList list={commands.list} at={commands.at} onLook={commands.look} onChoose={commands.choose} />}
        <div className="grow" data-text={`${text}\n`}>
          <textarea
            ref={field}
            id="chat-input"
            rows={1}
            // An empty field follows the page, so that its placeholder stands on the right side.
            dir={text === "" ? undefined : "auto"}
            aria-label={name}
            aria-controls={lists ? commandListId : undefined}
            aria-activedescendant={lists ? commandOptionId(commands.at) : undefined}
            placeholder={blocked ? reason : name}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
        </div>
        <div className="tools-row">
          {files !== null && files.uploads === chat.uploads && (
            <UploadButton rules={files.rules} onFiles={addFiles} disabled={away} />
          )}
          {settings.features?.audio?.enabled === true && <MicButton disabled={phase !== "connected"} />}
          {settings.ui?.chat_settings_location !== "sidebar" && <SettingsButton />}
          <Modes />
          <Commands />
          <Favorites
            onUse={(favorite) => {
              setText(favorite);
              field.current?.focus();
            }}
          />
        </div>
        {running && (
          <button
            type="button"
            id="stop-button"
            className="round stop"
            aria-label={t("chat.input.actions.stop")}
            title={t("chat.input.actions.stop")}
            onClick={() => chat.stop()}
          >
            <StopIcon />
          </button>
        )}
        {(!running || hasContent) && (
          <button
            type="button"
            id="chat-submit"
            className="round"
            aria-label={t("chat.input.actions.send")}
            title={blocked || uploading ? reason : t("chat.input.actions.send")}
            disabled={!ready}
            onClick={submit}
          >
            <ArrowUpIcon />
          </button>
        )}
      </div>
    </div>
  );
}
