// Fails when the first load (index.html, all that it names, and the worker) is more than the budget, compressed with brotli.
//
//     node scripts/size.mjs [<folder>]

import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotli } from "./precompress.mjs";

const budget = 200_000;
const folder = process.argv[2] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");

const index = await readFile(join(folder, "index.html"), "utf8");
const first = ["index.html", ...[...index.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1])];
const code = (await readdir(join(folder, "assets")))
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => `assets/${name}`);
first.push(...code.filter((name) => /\/worker-[^/]*\.js$/.test(name)));
const later = code.filter((name) => !first.includes(name));

const row = async (name) => {
  const bytes = await readFile(join(folder, name));
  const small = (await brotli(bytes)).length;
  console.log(`${String(bytes.length).padStart(9)} ${String(small).padStart(8)}  ${name}`);
  return small;
};

console.log("first load:     bytes   brotli");
let total = 0;
for (const name of first) total += await row(name);
console.log("on demand:");
for (const name of later) await row(name);
console.log(`first load ${total} of ${budget} bytes, ${first.length} files`);
if (total > budget) {
  console.error("the first load is over its budget");
  process.exit(1);
}
