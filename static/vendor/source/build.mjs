// Bundles the pinned packages into static/vendor: ES modules, the icon sprite, fonts and licences.
// `node build.mjs` writes; `node build.mjs --check` builds beside it and fails when a file differs.
import { build } from "esbuild";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const home = dirname(here);
const GENERATED = ["lit.js", "codemirror.js", "yaml.js", "icons.svg", "fonts", "licences"];

async function bundle(target) {
  for (const name of ["lit", "codemirror", "yaml"]) {
    await build({
      entryPoints: [join(here, `${name}.entry.js`)], outfile: join(target, `${name}.js`), absWorkingDir: here,
      bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", charset: "utf8", logLevel: "error",
    });
  }
}

async function icons(target) {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = [];
  for (const name of names) {
    const source = await readFile(join(modules, "lucide-static/icons", `${name}.svg`), "utf8");
    const inner = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
    symbols.push(`<symbol id="i-${name}" viewBox="0 0 24 24"><g fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</g></symbol>`);
  }
  symbols.push((await readFile(join(here, "own-icons.svg"), "utf8")).trim());
  await writeFile(join(target, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

async function fonts(target) {
  await mkdir(join(target, "fonts"), { recursive: true });
  for (const [family, subsets] of [["inter", ["latin", "latin-ext"]], ["jetbrains-mono", ["latin"]]]) {
    for (const subset of subsets) {
      const file = `${family}-${subset}-wght-normal.woff2`;
      await cp(join(modules, `@fontsource-variable/${family}/files`, file), join(target, "fonts", file));
    }
  }
}

async function licences(target) {
  await mkdir(join(target, "licences"), { recursive: true });
  const lock = JSON.parse(await readFile(join(here, "package-lock.json"), "utf8"));
  const wanted = /^node_modules\/((@codemirror|@lezer|@marijn|@fontsource-variable)\/[^/]+|lit-html|lucide-static|yaml|crelt|style-mod|w3c-keyname)$/;
  for (const path of Object.keys(lock.packages).filter((key) => wanted.test(key)).sort()) {
    const name = path.slice("node_modules/".length);
    const file = (await readdir(join(here, path))).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    const text = await readFile(join(here, path, file), "utf8");
    await writeFile(join(target, "licences", `${name.replace("/", "-").replace("@", "")}.txt`), `${name} ${lock.packages[path].version}\n\n${text}`);
  }
}

async function make(target) {
  await mkdir(target, { recursive: true });
  await Promise.all([bundle(target), icons(target), fonts(target), licences(target)]);
}

async function files(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
}

async function same(left, right) {
  const [a, b] = await Promise.all([readFile(left), readFile(right).catch(() => null)]);
  return b !== null && a.equals(b);
}

async function check() {
  const fresh = await mkdtemp(join(tmpdir(), "statewright-vendor-"));
  try {
    await make(fresh);
    const differing = [];
    for (const file of await files(fresh)) {
      if (!(await same(join(fresh, file), join(home, file)))) differing.push(file);
    }
    if (differing.length) {
      console.error(`static/vendor differs from its source: ${differing.join(", ")}\nRun static/vendor/build.sh and commit the result.`);
      process.exitCode = 1;
    }
  } finally {
    await rm(fresh, { recursive: true });
  }
}

if (process.argv.includes("--check")) {
  await check();
} else {
  await Promise.all(GENERATED.map((name) => rm(join(home, name), { recursive: true, force: true })));
  await make(home);
}
