/** The path below which the server lives: `""` or `/x`, never with a slash at its end. */
export function readRootPath(page: Document): string {
  const content = page.querySelector('meta[property="og:root_path"]')?.getAttribute("content") ?? "";
  const path = content.trim().replace(/\/+$/, "");
  return path.startsWith("/") ? path : path === "" ? "" : `/${path}`;
}
