import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../static/js/api.js";
import { backupOf } from "../../static/js/editor/backup.js";
import { completionsOf } from "../../static/js/editor/completions.js";
import { matched } from "../../static/js/editor/patch.js";
import { wordsOf } from "../../static/js/editor/saving.js";

test("what stays the same is taken over, each part once", () => {
  assert.deepEqual(matched(["a", "b", "c"], ["a", "new", "c"]), [0, -1, 2]);
  assert.deepEqual(matched(["a", "a"], ["a", "a", "a"]), [0, 1, -1]);
  assert.deepEqual(matched(["a", "b"], ["b", "a"]), [1, 0]);
  assert.deepEqual(matched([], ["a"]), [-1]);
  assert.deepEqual(matched(["a"], []), []);
});

function storage() {
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
}

test("a draft is kept for its lesson and its writer, and dropped", () => {
  const browser = storage();
  backupOf("1.7", browser).keep("typed", 3, { body: "text" });
  assert.deepEqual(backupOf("1.7", browser).read("typed")?.values, { body: "text" });
  assert.equal(backupOf("1.7", browser).read("typed")?.base, 3);
  assert.equal(backupOf("1.7", browser).read("aside"), null);
  assert.equal(backupOf("1.8", browser).read("typed"), null);
  backupOf("1.7", browser).drop("typed");
  assert.equal(backupOf("1.7", browser).read("typed"), null);
});

test("a tab that has nothing to keep leaves what another one has", () => {
  const browser = storage();
  const one = backupOf("1.7", browser);
  const other = backupOf("1.7", browser);
  one.keep("typed", 3, { body: "not saved" });
  other.dropOwn("typed");
  assert.equal(other.read("typed")?.values.body, "not saved");
  one.dropOwn("typed");
  assert.equal(one.read("typed"), null);
});

test("a refusal is told for what it is", () => {
  const told = (code, status, message = "Words.") => wordsOf(new ApiError(code, message, { status }));
  assert.match(told("server", 403), /signed in again in another tab/);
  assert.match(told("signed_out", 403, "You are signed out."), /^You are signed out/);
  assert.equal(told("not_yours", 403), "Words.");
  assert.equal(told("server", 500), "Words.");
});

test("a browser that keeps nothing, or something else, breaks nothing", () => {
  const full = {
    getItem: () => "{ no JSON",
    setItem() {
      throw new Error("full");
    },
    removeItem() {
      throw new Error("forbidden");
    },
  };
  for (const browser of [full, null]) {
    const backup = backupOf("1.7", browser);
    backup.keep("typed", 1, {});
    backup.drop("typed");
    assert.equal(backup.read("typed"), null);
  }
});

const MENU = [
  {
    lesson: "Words",
    demos: [{ slug: "explorer", title: "Explore", presets: [{ name: "capitals", title: "Capitals" }] }],
  },
];
const labels = (line) => completionsOf(line, MENU, ["map.png"])?.options.map(({ label }) => label);

test("a block's line is completed with what there is", () => {
  assert.ok(labels(":::")?.includes("demo"));
  assert.deepEqual(labels(":::demo e"), ["explorer"]);
  assert.deepEqual(labels(":::demo explorer "), ["capitals"]);
  assert.deepEqual(labels(":::demo nothing "), []);
  assert.deepEqual(labels(":::figure "), ["map.png"]);
  assert.equal(completionsOf(":::demo expl", MENU, [])?.length, 4);
  assert.equal(completionsOf("a text", MENU, []), null);
});
