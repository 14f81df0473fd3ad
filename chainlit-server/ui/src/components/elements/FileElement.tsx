import { useApp } from "../app/context";
import { DownloadIcon, FileIcon } from "../icons/icons";
import { safeLink } from "../markdown/safety";

type Props = { name: string; url: string; host: string | null; display: string };

/** A file to take away. */
export function FileElement({ name, url, host, display }: Props) {
  const { t } = useApp();
  const href = safeLink(url);
  if (href === null) return <span className="dead-link">{name}</span>;
  return (
    <a className={`${display}-file`} href={href} download={name} target="_blank" rel="noopener noreferrer">
      <FileIcon />
      <span>
        <bdi>{name}</bdi>
        {host !== null && <small>{host}</small>}
      </span>
      <span className="hidden">{t("page.elements.download")}</span>
      <DownloadIcon />
    </a>
  );
}
