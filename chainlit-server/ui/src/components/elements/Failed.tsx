import { useApp } from "../app/context";
import { WarningIcon } from "../icons/icons";

type Props = { name: string; url?: string; text?: "page.elements.failed" | "page.elements.tooLarge" };

/** Content that did not come, and the way to look for it oneself. */
export function Failed({ name, url, text = "page.elements.failed" }: Props) {
  const { t } = useApp();
  return (
    <div className="element-failed" role="note">
      <WarningIcon />
      <span dir="auto">{t(text, { name })}</span>
      {url !== undefined && (
        <a href={url} target="_blank" rel="noopener noreferrer nofollow">
          {t("page.elements.open", { name })}
        </a>
      )}
    </div>
  );
}

/** The place of something that is on its way. */
export function Loading() {
  const { t } = useApp();
  return (
    <div className="element-loading" role="status">
      <span className="hidden">{t("common.status.loading")}</span>
    </div>
  );
}
