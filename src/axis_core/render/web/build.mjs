// Bundle the viewer page and the Studio. Output goes into the packages' bundle/ folders, which are never committed.

import { build } from "esbuild";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const studio = join(here, "../../../axis_http/studio");
const modules = join(here, "node_modules");
const shared = {
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  nodePaths: [modules],
  alias: { "axis-viewer": join(here, "viewer") },
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
};

/** Bundle and return the names of the packages that went in. */
async function bundle(options) {
  const { metafile } = await build({ ...shared, ...options });
  const names = Object.keys(metafile.inputs).map((p) => p.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return new Set(names.filter(Boolean));
}

async function licences(folder, names) {
  const texts = [];
  for (const name of [...names].sort()) {
    const at = join(modules, name);
    const { version, license } = JSON.parse(await readFile(join(at, "package.json"), "utf8"));
    const file = ["LICENSE", "LICENSE.md", "LICENCE"].map((f) => join(at, f)).find(existsSync);
    if (!file) throw new Error(`${name} comes without a licence text`);
    texts.push(`${name} ${version} (${license})\n\n${await readFile(file, "utf8")}`);
    const more = (await readdir(at)).filter((f) => f === "NOTICE" || /es-bundle\.js\.LICENSE\.txt$/.test(f));
    for (const other of more) texts.push(await readFile(join(at, other), "utf8"));
  }
  await writeFile(join(folder, "LICENSES.txt"), texts.join("\n\n"));
}

async function room(folder, runs) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const used = new Set();
  for (const options of runs) for (const name of await bundle(options)) used.add(name);
  await licences(folder, used);
}

const viewer = join(here, "bundle");
await room(viewer, [
  { entryPoints: [join(here, "viewer/page.ts")], format: "iife", outfile: join(viewer, "viewer.js") },
  { entryPoints: [join(here, "viewer/page.css")], outfile: join(viewer, "viewer.css") },
]);
if (existsSync(join(studio, "src/studio.tsx"))) {
  const out = join(studio, "bundle");
  await room(out, [
    {
      entryPoints: [join(studio, "src/studio.tsx"), join(studio, "src/creator.tsx"), join(studio, "src/tour.ts")],
      format: "esm",
      splitting: true,
      outdir: out,
      chunkNames: "[name]-[hash]",
    },
    { entryPoints: [join(studio, "src/studio.css")], outfile: join(out, "studio.css") },
    { entryPoints: [join(modules, "swagger-ui-dist/swagger-ui.css")], outfile: join(out, "tour.css") },
  ]);
}
