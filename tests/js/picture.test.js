import assert from "node:assert/strict";
import { test } from "node:test";
import { Picture } from "../../static/js/picture.js";

const frame = { isActive: () => false, submit() {}, url: { get: () => null, set() {} }, announce() {} };

function listener(more = {}) {
  const said = [];
  return { said, reset: () => said.push("reset"), event: () => said.push("event"), ...more };
}

test("a view that computes in the page is told when the form's values are others", () => {
  const picture = new Picture({ word: "a" });
  const stream = picture.stream(frame);
  assert.deepEqual(stream.values, { word: "a" });
  const seen = [];
  const unsubscribe = stream.subscribe(listener({ values: () => seen.push(stream.values.word) }));
  picture.setValues({ word: "b" });
  picture.setValues({ word: "c" });
  unsubscribe();
  picture.setValues({ word: "d" });
  assert.deepEqual(seen, ["b", "c"]);
  assert.deepEqual(stream.params, { word: "a" }, "the params of the run that is shown are what they were");
});

test("a view that draws runs only is not asked for more", () => {
  const picture = new Picture({});
  const view = listener();
  picture.stream(frame).subscribe(view);
  picture.setValues({ word: "b" });
  assert.deepEqual(view.said, ["reset"]);
  assert.equal(picture.isComputedInPage, false);
  picture.stream(frame).subscribe(listener({ values() {} }));
  assert.equal(picture.isComputedInPage, true);
});
