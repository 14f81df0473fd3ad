import { useContext } from "react";
import type { ElementDict } from "../../client/protocol";
import { AppContext, useApp } from "../app/context";
import { imageSource, type ImageSource } from "../markdown/safety";

const none: readonly string[] = [];

/** Hosts that the application's owner trusts with the addresses of the readers. */
export function useAllowedHosts(): readonly string[] {
  const allowed = useContext(AppContext)?.settings?.features?.allowed_media_hosts;
  return Array.isArray(allowed) ? allowed.filter((host) => typeof host === "string") : none;
}

/** Where an element's content is: an address given by the application, or the server's own file. */
export function useSource(element: ElementDict): ImageSource {
  const { api, chat } = useApp();
  const allowed = useAllowedHosts();
  if (element.url) return imageSource(element.url, window.location.href, allowed);
  if (element.chainlitKey) return { kind: "here", url: api.fileUrl(chat.sessionId, element.chainlitKey) };
  return { kind: "none" };
}

/** Characters that turn the direction of writing can make `exe.txt` of `txt.exe`. */
const turning = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const shownName = (element: ElementDict): string => (element.name ?? "").replace(turning, "\ufffd");
