import assert from "node:assert/strict";
import { test } from "node:test";
import { beginLines, figure, placeBlock, placeOf, wrap } from "../../static/js/editor/markup.js";

const BOLD = { before: "**", words: "important" };

/** The text after a change, with what is selected then between ‹ and ›. */
function after(text, { from, to, insert, select: [start, end] }) {
  const all = text.slice(0, from) + insert + text.slice(to);
  return `${all.slice(0, start)}‹${all.slice(start, end)}›${all.slice(end)}`;
}

test("marks go around what is selected, and away again", () => {
  assert.equal(after("a red fox", wrap("a red fox", 2, 5, BOLD)), "a **‹red›** fox");
  assert.equal(after("a **red** fox", wrap("a **red** fox", 4, 7, BOLD)), "a ‹red› fox");
});

test("where nothing is selected, words are there to be written over", () => {
  assert.equal(after("", wrap("", 0, 0, BOLD)), "**‹important›**");
  const link = { before: "[", after: "](https://)", words: "words" };
  assert.equal(after("see ", wrap("see ", 4, 4, link)), "see [‹words›](https://)");
});

test("a mark begins every selected line, and goes where all have it", () => {
  assert.equal(after("one\ntwo\nthree", beginLines("one\ntwo\nthree", 1, 5, "- ")), "‹- one\n- two›\nthree");
  assert.equal(after("- one\n- two", beginLines("- one\n- two", 0, 11, "- ")), "‹one\ntwo›");
  assert.equal(after("A title", beginLines("A title", 3, 3, "## ")), "## A title‹›");
});

test("a block stands on lines of its own, below the paragraph at hand", () => {
  assert.equal(after("", placeBlock("", 0, ":::quiz")), ":::quiz‹›\n");
  assert.equal(after("one\ntwo", placeBlock("one\ntwo", 1, ":::quiz")), "one\n\n:::quiz‹›\n\ntwo");
  assert.equal(after("one\n\ntwo", placeBlock("one\n\ntwo", 2, ":::quiz")), "one\n\n:::quiz‹›\n\ntwo");
  assert.equal(after("one\n\n", placeBlock("one\n\n", 5, ":::quiz")), "one\n\n:::quiz‹›\n");
  const note = ":::note T\nwords\n:::";
  assert.equal(after("one", placeBlock("one", 3, note, "words")), "one\n\n:::note T\n‹words›\n:::\n");
});

test("a picture's words stay on its line", () => {
  assert.equal(figure("map.png", " a\n map ", ""), ":::figure map.png a map");
  assert.equal(figure("map.png", "a map", "Where **it** is"), ":::figure map.png a map\nWhere **it** is\n:::");
});

test("a line is placed between the headings around it", () => {
  const text = "intro\n\n## One\n\ntext\n\n```\n# no heading\n```\n\n## Two\n\nend";
  assert.deepEqual(
    [1, 3, 7, 13].map((line) => placeOf(text, line).section),
    [-1, 0, 0, 1],
  );
  assert.equal(placeOf(text, 7).headings, 2);
  assert.equal(placeOf(text, 7).part, 0.5);
  assert.equal(placeOf(text, 13).whole, 1);
  assert.equal(placeOf("", 1).section, -1);
});
