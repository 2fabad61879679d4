import assert from "node:assert/strict";
import { test } from "node:test";
import { placeLabels, SIDES } from "../../lessons/word_vectors/static/labels.js";
import { figureOf } from "../../lessons/word_vectors/static/neighbourhood.js";

test("a label alone stands to the right of its point", () => {
  assert.deepEqual(placeLabels([{ x: 100, y: 100, label: "paris" }]), ["right"]);
});

test("labels of neighbouring points do not cover each other or the points", () => {
  const points = [
    { x: 100, y: 100, label: "vienna" },
    { x: 112, y: 101, label: "stockholm" },
    { x: 106, y: 112, label: "rome" },
  ];
  const sides = placeLabels(points);
  assert.equal(new Set(sides).size, 3);
  assert.ok(sides[0].includes("left") || sides[0].includes("top"));
});

test("a label at the edge turns inwards", () => {
  const [side] = placeLabels([{ x: 195, y: 50, label: "strasbourg" }], { within: { width: 200, height: 100 } });
  assert.ok(side.endsWith("left"), side);
});

test("a label keeps its side from frame to frame while it is still good", () => {
  for (const before of SIDES) {
    assert.deepEqual(placeLabels([{ x: 100, y: 100, label: "sea" }], { before: [before] }), [before]);
  }
});

const point = (word, role, x, y, similarity = null) => ({ word, role, x, y, similarity });
const ANALOGY = {
  task: "analogy",
  asked: ["man", "king", "woman"],
  answer: "queen",
  map: {
    explained: [0.33, 0.19],
    points: [
      point("man", "asked", 0, 0),
      point("king", "asked", 1, 1),
      point("woman", "asked", 0, 1),
      point("", "target", 1, 2),
      point("queen", "answer", 1.1, 1.9, 0.85),
      point("<b>throne", "near", 2, 2, 0.7),
    ],
  },
};
const SIZE = { width: 600, height: 340 };

test("an analogy has two parallel arrows", () => {
  const { layout } = figureOf(ANALOGY, { a: "man", b: "king", c: "woman" }, SIZE);
  const arrows = layout.annotations.map(({ x, y, ax, ay }) => [x - ax, y - ay]);
  assert.deepEqual(arrows, [
    [1, 1],
    [1, 1],
  ]);
});

test("each role has a shape of its own, so that colour is never alone", () => {
  const { traces } = figureOf(ANALOGY, { a: "man", b: "king", c: "woman" }, SIZE);
  assert.deepEqual(
    traces.map(({ name }) => name),
    ["your words", "the point looked for", "the answer", "near words"],
  );
  assert.equal(new Set(traces.map(({ marker }) => marker.symbol)).size, traces.length);
});

test("a point without a word cannot be picked, and a word is no markup", () => {
  const { traces } = figureOf(ANALOGY, { a: "man", b: "king", c: "woman" }, SIZE);
  assert.deepEqual(traces[1].customdata, [null]);
  assert.ok(traces[3].hovertemplate[0].startsWith("&lt;b>throne"));
});

test("the table says everything that the map shows", () => {
  const { table } = figureOf(ANALOGY, { a: "man", b: "king", c: "woman" }, SIZE);
  assert.equal(table.rows.length, ANALOGY.map.points.length);
  assert.deepEqual(table.rows.find(({ word }) => word === "queen")?.role, "the answer");
  assert.equal(table.rows.find(({ role }) => role === "the point looked for")?.word, "(no word)");
});
