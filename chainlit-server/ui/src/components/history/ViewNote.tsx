import { useApp } from "../app/context";
import "./view-note.css";

/** Stands in the place of the field for the message where nothing can be said. */
export default function ViewNote() {
  const { t, go } = useApp();
  return (
    <div className="view-note" role="note">
      <p>{t("page.history.readOnly")}</p>
      <button type="button" className="button" onClick={() => void go.newChat()}>
        {t("navigation.newChat.button")}
      </button>
    </div>
  );
}
