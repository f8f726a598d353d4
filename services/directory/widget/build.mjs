// Builds what is served: `npm run build` writes built/<version>, `node build.mjs FOLDER` elsewhere.
// The same source gives the same bytes; a version that was released is never built again.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
const target = process.argv[2] ?? join(here, "built");
const FILES = ["early-help-directory", "framed", "frame-height"];

const small = {
  // Style sheets and catalogues are carried inside the script, without what only people read.
  name: "small",
  setup(building) {
    building.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: FILES.map((name) => join(here, "source", `${name}.ts`)),
  outdir: join(target, version),
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  define: { VERSION: JSON.stringify(version) },
  plugins: [small],
  write: false,
});

await mkdir(join(target, version), { recursive: true });
const digests = {};
for (const { path, contents } of outputFiles) {
  await writeFile(path, contents);
  digests[path.split(/[\\/]/).pop()] = `sha384-${createHash("sha384").update(contents).digest("base64")}`;
}
const list = join(target, "integrity.json");
const known = JSON.parse(await readFile(list, "utf8").catch(() => "{}"));
await writeFile(list, `${JSON.stringify({ ...known, [version]: digests }, null, 2)}\n`);
