import { useState } from "react";
import { useApp } from "../app/context";
import { useAllowedHosts } from "../elements/source";
import { ImageIcon } from "../icons/icons";
import { imageSource } from "./safety";

/** An image of the application is shown. One from elsewhere would tell its host who reads what: it waits for a click. */
export function RemoteImage({ address, text }: { address: string; text: string }) {
  const { t } = useApp();
  const [wanted, setWanted] = useState(false);
  const [failed, setFailed] = useState(false);
  const source = imageSource(address, window.location.href, useAllowedHosts());

  if (source.kind === "none") return <span className="dead-link">{text}</span>;
  if (failed) {
    return (
      <a href={source.url} target="_blank" rel="noopener noreferrer nofollow">
        {text === "" ? source.url : text}
      </a>
    );
  }
  if (source.kind === "here" || wanted) {
    return (
      <img src={source.url} alt={text} loading="lazy" referrerPolicy="no-referrer" onError={() => setFailed(true)} />
    );
  }
  return (
    <button type="button" className="remote-image" onClick={() => setWanted(true)}>
      <ImageIcon />
      <span>
        {text !== "" && <span className="remote-image-text">{text}</span>}
        {t("page.loadImage", { host: source.host })}
      </span>
    </button>
  );
}
