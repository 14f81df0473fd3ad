import { useState } from "react";
import { Failed } from "./Failed";
import type { ShownProps } from "./Element";

/** A sound. */
export function AudioElement({ element, url, name }: ShownProps) {
  const [broken, setBroken] = useState<string | null>(null);
  if (broken === url) return <Failed name={name} url={url} />;
  return (
    <>
      <div className="media-name" dir="auto">
        {name}
      </div>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- the application has none to give */}
      <audio controls src={url} aria-label={name} autoPlay={element.autoPlay === true} onError={() => setBroken(url)} />
    </>
  );
}

/** Options of the player that a film may bring; Chainlit has them below `file.attributes`. */
function playerOptions(config: Record<string, unknown> | null | undefined) {
  const file = config?.["file"];
  const inner = typeof file === "object" && file !== null ? (file as Record<string, unknown>)["attributes"] : undefined;
  const all: Record<string, unknown> = { ...config, ...(typeof inner === "object" ? inner : null) };
  const on = (name: string) => all[name] === true;
  return { loop: on("loop"), muted: on("muted"), autoPlay: on("autoPlay") || on("playing"), controls: all["controls"] !== false };
}

/** A film. */
export function VideoElement({ element, url, name }: ShownProps) {
  const [broken, setBroken] = useState<string | null>(null);
  if (broken === url) return <Failed name={name} url={url} />;
  return (
    // eslint-disable-next-line jsx-a11y/media-has-caption -- the application has none to give
    <video
      className={`size-${element.size ?? "medium"}`}
      src={url}
      aria-label={name}
      preload="metadata"
      playsInline
      {...playerOptions(element.playerConfig)}
      onError={() => setBroken(url)}
    />
  );
}
