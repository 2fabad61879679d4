// @ts-check
/*
 * `npm run types`: the type checker over the page's modules. A view in lessons/<lesson>/static imports "../js/chart.js",
 * as it is served; where that lies on disk the checker learns from `rootDirs`, which must name every lesson.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const lessons = readdirSync(join(root, "lessons"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const config = {
  extends: join(root, "tsconfig.json"),
  compilerOptions: { rootDirs: ["static", ...lessons.map(({ name }) => `lessons/${name}`)].map((path) => join(root, path)) },
};

const file = join(root, "node_modules/.cache/tsconfig.json");
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify(config));
const { status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", file], { stdio: "inherit", cwd: root });
process.exit(status ?? 1);
