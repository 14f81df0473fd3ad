import { useState } from "react";
import { useApp } from "../app/context";
import { Dialog } from "../dialog/Dialog";
import { NamedIcon } from "../icons/NamedIcon";
import { Markdown } from "../markdown/Markdown";
import { isUserMessage } from "../../client/state";
import { Picker } from "../picker/Picker";

/** The application's profiles. Another one means another chat. */
export function Profiles() {
  const { t, chat, settings, profile, chooseProfile } = useApp();
  const [wanted, setWanted] = useState<string | null>(null);
  const profiles = settings.chatProfiles ?? [];
  if (profiles.length < 2) return null;
  const chosen = profiles.find(({ name }) => name === profile.name);

  const begin = (name: string) => {
    setWanted(null);
    void chooseProfile(name).then(() => document.getElementById("chat-input")?.focus());
  };
  const choose = (name: string) => {
    if (name === profile.name) return;
    // Nothing of the reader's is lost before they have said something.
    const said = [...chat.conversation.get().steps.values()].some(isUserMessage);
    if (said && settings.ui?.confirm_new_chat !== false) setWanted(name);
    else begin(name);
  };

  return (
    <>
      <Picker
        id="chat-profiles"
        label={`${t("page.profiles")}: ${chosen?.display_name || profile.name}`}
        choices={profiles.map(({ name, display_name, icon }) => ({
          value: name,
          label: display_name || name,
          icon: <NamedIcon icon={icon} />,
          attributes: { "data-test": `select-item:${name}` },
        }))}
        chosen={[profile.name]}
        onChoose={choose}
        aside={(name) => {
          const text = profiles.find((one) => one.name === name)?.markdown_description ?? "";
          return text.trim() === "" ? null : (
            <div id="chat-profile-description" dir="auto">
              <Markdown text={text} growing={false} />
            </div>
          );
        }}
      >
        <NamedIcon icon={chosen?.icon} />
        <span dir="auto">{chosen?.display_name || profile.name}</span>
      </Picker>
      <Dialog
        id="new-chat-dialog"
        title={t("navigation.newChat.dialog.title")}
        open={wanted !== null}
        onClose={() => setWanted(null)}
        footer={
          <>
            <button type="button" className="button quiet" onClick={() => setWanted(null)}>
              {t("common.actions.cancel")}
            </button>
            <button type="button" id="confirm" className="button" onClick={() => wanted !== null && begin(wanted)}>
              {t("common.actions.confirm")}
            </button>
          </>
        }
      >
        <p>{t("navigation.newChat.dialog.description")}</p>
      </Dialog>
    </>
  );
}
