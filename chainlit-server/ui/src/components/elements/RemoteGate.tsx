import { type ReactNode, useState } from "react";
import { useApp } from "../app/context";
import { DownloadIcon } from "../icons/icons";
import type { ImageSource } from "../markdown/safety";

type Props = { source: ImageSource; name: string; children: (url: string) => ReactNode };

/** Content of another host waits for a click, for its host would learn who reads what. */
export function RemoteGate({ source, name, children }: Props) {
  const { t } = useApp();
  const [wanted, setWanted] = useState<string | null>(null);
  if (source.kind === "none") return <span className="dead-link">{name}</span>;
  if (source.kind === "here" || wanted === source.url) return children(source.url);
  return (
    <button type="button" className="remote-image" onClick={() => setWanted(source.url)}>
      <DownloadIcon />
      <span>{t("page.elements.load", { name, host: source.host })}</span>
    </button>
  );
}
