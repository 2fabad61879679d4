import assert from "node:assert/strict";
import { test } from "node:test";
import { searchOfRun, urlOfDemo, valuesOfUrl, valuesToUrl } from "../../static/js/params-url.js";
import { fieldsOf } from "../../static/js/schema.js";

const fields = fieldsOf({
  properties: {
    word: { type: "string", default: "paris" },
    count: { type: "integer", default: 12, minimum: 3, maximum: 40 },
    words: { type: "array", items: { type: "string" }, default: ["a", "b"] },
  },
});
const defaults = { word: "paris", count: 12, words: ["a", "b"] };

function fakeUrl() {
  const map = new Map();
  return {
    map,
    get: (name) => map.get(name) ?? null,
    set: (name, value) => (value === null ? map.delete(name) : map.set(name, value)),
  };
}

test("a plain frame leaves the address plain", () => {
  const url = fakeUrl();
  valuesToUrl(fields, url, defaults, defaults);
  assert.equal(url.map.size, 0);
});

test("what was set is read back as it was", () => {
  const url = fakeUrl();
  valuesToUrl(fields, url, { word: "tea", count: 12, words: ["x", "y"] }, defaults);
  assert.deepEqual(Object.fromEntries(url.map), { word: "tea", words: "x y" });
  assert.deepEqual(valuesOfUrl(fields, url), { word: "tea", words: ["x", "y"] });
});

test("in a frame that opens on a preset, the demo's own defaults are worth a word", () => {
  const url = fakeUrl();
  const preset = { ...defaults, word: "bank" };
  valuesToUrl(fields, url, preset, preset);
  assert.deepEqual(valuesOfUrl(fields, url), { word: "bank" });
  valuesToUrl(fields, url, defaults, preset);
  assert.deepEqual(valuesOfUrl(fields, url), { word: "paris" });
});

test("the demo's own page opens on the same settings", () => {
  assert.equal(urlOfDemo("explorer", fields, { word: "tea", count: 12 }), "/demos/explorer/?explorer.word=tea");
});

test("a link for others names no file, which would not be theirs", () => {
  const withFile = fieldsOf({ properties: { file: { type: "string", widget: "file", default: "" } } });
  assert.equal(urlOfDemo("reading", withFile, { file: "7d2f" }), "/demos/reading/?");
  const url = fakeUrl();
  valuesToUrl(withFile, url, { file: "7d2f" }, { file: "" });
  assert.deepEqual(valuesOfUrl(withFile, url), { file: "7d2f" });
});

test("a link to a run keeps the place of its own frame, and nothing of the others", () => {
  const own = fieldsOf({ properties: { file: { type: "string", widget: "file", default: "" } } });
  const page = new URLSearchParams("a.word=tea&a.step=3&a-2.word=bank&a-2.step=1&a-2.file=7d2f&a-2.job=4ea9");
  assert.equal(searchOfRun(page, "a-2", "a", own).toString(), "a.word=bank&a.step=1");
  assert.equal(searchOfRun(page, "a", "a", own).toString(), "a.word=tea&a.step=3");
});
