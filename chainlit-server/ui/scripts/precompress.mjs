// Writes `.br` and `.gz` next to each compressible file of a folder, so that the server never compresses an asset.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const compressible = new Set([".html", ".js", ".css", ".svg", ".json", ".txt", ".map", ".webmanifest"]);

export const brotli = (bytes) =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

/** Compresses every fitting file below `folder`; a copy that is not smaller is not written. */
export async function precompress(folder) {
  let files = 0;
  let before = 0;
  let after = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !compressible.has(extname(entry.name))) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = await readFile(path);
    const small = await brotli(bytes);
    const gzipped = await promisify(gzip)(bytes, { level: 9 });
    if (small.length < bytes.length) await writeFile(`${path}.br`, small);
    if (gzipped.length < bytes.length) await writeFile(`${path}.gz`, gzipped);
    files += 1;
    before += bytes.length;
    after += Math.min(small.length, bytes.length);
  }
  return { files, before, after };
}
