// Builds the page and writes a compressed copy beside each file that gains by it.
//
//     node scripts/build.mjs [--outDir <folder>]      (or CHAINLIT_UI_OUT=<folder>)

import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "vite";
import { precompress } from "./precompress.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { outDir: { type: "string" } } });
const wanted = values.outDir ?? process.env.CHAINLIT_UI_OUT ?? "dist";
// npm changes into the package's folder; INIT_CWD is the folder in which the command was typed.
const typedIn = values.outDir === undefined ? root : (process.env.INIT_CWD ?? root);
const outDir = isAbsolute(wanted) ? wanted : resolve(wanted === "dist" ? root : typedIn, wanted);

await build({ root, build: { outDir, emptyOutDir: true } });
const { files, before, after } = await precompress(outDir);
console.log(`compressed ${files} files: ${before} bytes, ${after} with brotli`);
