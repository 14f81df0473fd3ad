/** The user's picture, if it is one of this host or in the address itself: others would learn who is here. */
export function safeSource(image: unknown): string | null {
  if (typeof image !== "string") return null;
  if (/^data:image\/(png|jpeg|gif|webp|avif);base64,/.test(image)) return image;
  return image.startsWith("/") && !image.startsWith("//") && !image.includes("\\") ? image : null;
}
