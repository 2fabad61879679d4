import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const statics = new URL("../../static/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("vendor/MANIFEST.json", statics), "utf8"));
const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"));

const filesIn = (folder) =>
  readdirSync(new URL(folder, statics), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.split("/static/").at(-1).replaceAll("//", "/"));

test("every vendored file is what the manifest says, byte for byte", () => {
  for (const [name, { sha256 }] of Object.entries(manifest)) {
    const found = createHash("sha256")
      .update(readFileSync(new URL(name, statics)))
      .digest("hex");
    assert.equal(found, sha256, name);
  }
});

test("the manifest names every file, with the version that package-lock.json pins", () => {
  const files = [...filesIn("vendor/"), ...filesIn("fonts/")].filter((name) => name !== "vendor/MANIFEST.json");
  assert.deepEqual(files.sort(), Object.keys(manifest).sort());
  for (const [name, about] of Object.entries(manifest)) {
    for (const [inner, version] of Object.entries({ [about.package]: about.version, ...about.inside })) {
      assert.equal(version, lock.packages[`node_modules/${inner}`].version, `${inner} in ${name}`);
    }
  }
});

test("every package comes with its licence", () => {
  const packages = new Set(Object.values(manifest).map((about) => about.package));
  const licensed = new Set(
    Object.entries(manifest)
      .filter(([name]) => name.endsWith("/LICENSE"))
      .map(([, about]) => about.package),
  );
  assert.deepEqual(packages, licensed);
});
