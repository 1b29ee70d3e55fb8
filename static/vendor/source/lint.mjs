// Lints static/js and tests/js with the pinned eslint: `node lint.mjs` from anywhere, after `npm ci` here.
import { ESLint } from "eslint";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import rules from "./eslint.config.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: rules });
const results = await eslint.lintFiles(["static/js/**/*.js", "tests/js/**/*.js"]);
const text = (await eslint.loadFormatter("stylish")).format(results);
if (text) console.log(await text);
process.exitCode = results.some((result) => result.errorCount) ? 1 : 0;
