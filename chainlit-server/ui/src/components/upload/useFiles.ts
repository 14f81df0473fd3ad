import { useCallback, useMemo } from "react";
import { useSelect } from "../../client/hooks";
import type { ConversationState } from "../../client/state";
import { askRules, messageRules, refusal, type Refusal, type UploadRules } from "../../client/upload/rules";
import type { Uploads } from "../../client/upload/uploads";
import { useApp } from "../app/context";

export type FilePlace = { rules: UploadRules; uploads: Uploads };

const selectAsk = (state: ConversationState) => state.ask;

/** Where files go now: to the open question, when it is one for files, else to the next message. Null: nowhere. */
export function useFilePlace(): FilePlace | null {
  const { chat, settings } = useApp();
  const ask = useSelect(chat.conversation, selectAsk);
  const spec = settings.features?.spontaneous_file_upload;
  return useMemo(() => {
    if (ask?.spec.type === "file") return { rules: askRules(ask.spec), uploads: chat.answers };
    const rules = messageRules(spec);
    return rules === null ? null : { rules, uploads: chat.uploads };
  }, [ask, chat, spec]);
}

/** Takes the files that may be uploaded, and names the others with the reason. */
export function useAddFiles(place: FilePlace | null): (files: readonly File[]) => void {
  const { t, chat } = useApp();
  return useCallback(
    (files) => {
      if (place === null || files.length === 0) return;
      const { rules, uploads } = place;
      let room = rules.maxFiles === null ? Infinity : rules.maxFiles - uploads.list.get().length;
      const taken: File[] = [];
      const refused: { name: string; why: Refusal }[] = [];
      for (const file of files) {
        const why = refusal(file, rules) ?? (room <= 0 ? "count" : null);
        if (why !== null) refused.push({ name: file.name, why });
        else {
          room -= 1;
          taken.push(file);
        }
      }
      uploads.add(taken);
      if (refused.length === 0) return;
      const reason = { count: rules.maxFiles ?? 0, size: rules.maxSizeMb ?? 0 };
      const names = refused.map(({ name, why }) => `${name}: ${t(`page.upload.refused.${why}`, reason)}`);
      chat.toast(names.slice(0, 5).join("\n") + (names.length > 5 ? "\n…" : ""), "error");
    },
    [place, chat, t],
  );
}
