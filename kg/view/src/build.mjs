// The one build step: node build.mjs [FOLDER]. Writes the bundles, the style and the licences of what is
// bundled into ../assets, or into FOLDER. The same sources and lock file give the same bytes anywhere.
import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../assets"));
mkdirSync(out, { recursive: true });

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  alias: { "d3-transition": "./still.ts" },
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  outdir: out,
  logLevel: "warning",
};
const pages = await build({ ...common, format: "iife", entryPoints: { viewer: "page.ts", style: "look.css", review: "review.css" } });
await build({ ...common, format: "esm", entryPoints: { widget: "widget.ts", review: "review.ts" } });

const packages = new Set();
for (const path of Object.keys(pages.metafile.inputs)) {
  const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (match) packages.add(match[1]);
}
const licences = [...packages].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} carries no licence text`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "LICENSES.txt"), `viewer.js and widget.js hold these libraries.\n\n${licences.join(`\n${"-".repeat(80)}\n\n`)}`);
