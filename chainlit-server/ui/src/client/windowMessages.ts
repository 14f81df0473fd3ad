/** A message of another window may be this long as JSON; a longer one would not get through the socket. */
const longest = 256 * 1024;

/** The origin of the page that this one is embedded in, as far as the browser tells. */
function embedderOrigin(page: Window): string | null {
  const told = page.location.ancestorOrigins?.[0];
  if (told !== undefined) return told;
  try {
    const { origin } = new URL(page.document.referrer);
    // After a way inside of the frame the referrer is this application itself.
    return origin === page.location.origin ? null : origin;
  } catch {
    return null;
  }
}

const isEmbedded = (page: Window) => page.parent !== page;

/** Tells the window that this page is embedded in something; nobody, when it is not embedded. */
export function tellEmbedder(data: unknown, page: Window = window): void {
  if (isEmbedded(page)) page.parent.postMessage(data, embedderOrigin(page) ?? "*");
}

/**
 * Hears what the embedding window says, and nobody else: any other page that got hold of this window could speak to the
 * application in the reader's name. Gives a way to stop hearing.
 */
export function hearEmbedder(hear: (data: unknown) => void, page: Window = window): () => void {
  if (!isEmbedded(page)) return () => undefined;
  const origin = embedderOrigin(page);
  const listen = (event: MessageEvent<unknown>) => {
    if (event.source !== page.parent || (origin !== null && event.origin !== origin)) return;
    if (isSendable(event.data)) hear(event.data);
  };
  page.addEventListener("message", listen);
  return () => page.removeEventListener("message", listen);
}

function isSendable(data: unknown): boolean {
  try {
    const text = JSON.stringify(data) as string | undefined;
    return text !== undefined && text.length <= longest;
  } catch {
    return false;
  }
}
