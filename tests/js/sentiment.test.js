import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bagAfter,
  balanced,
  classOf,
  disagreements,
  linesOf,
  matched,
  ribbon,
  scalesOf,
  stretched,
  weightsOf,
} from "../../lessons/sentiment/static/sentiment-maths.js";

test("words fill lines, and a word that is wider than a line has one of its own", () => {
  assert.deepEqual(linesOf([40, 40, 40, 40], 100), [
    { from: 0, to: 2 },
    { from: 2, to: 4 },
  ]);
  assert.deepEqual(linesOf([10, 300, 10], 100), [
    { from: 0, to: 1 },
    { from: 1, to: 2 },
    { from: 2, to: 3 },
  ]);
  assert.deepEqual(linesOf([], 100), []);
});

test("lines are of about one length, and no more than they must be", () => {
  assert.deepEqual(
    balanced([10, 10, 10, 10], 30).map(({ from, to }) => to - from),
    [2, 2],
  );
  assert.equal(balanced([10, 10, 10], 30).length, 1);
  assert.deepEqual(balanced([], 30), []);
  assert.equal(balanced([300, 10], 100).length, 2);
});

test("a short sentence is given more room, a long one none", () => {
  assert.deepEqual(stretched([10, 20], 40), [13, 26]);
  assert.deepEqual(stretched([10, 20], 1000), [17, 35]);
  assert.deepEqual(stretched([50, 60], 100), [50, 60]);
});

test("the methods disagree where signs differ and both are clear, the clearest first", () => {
  const weights = { gradient: [1, -0.5, 0.9, -0.01], without: [0.2, 0.1, -0.2, 0.2], bag: [] };
  assert.deepEqual(disagreements(weights, { gradient: 1, without: 0.2 }), [2, 1]);
});

test("one scale serves all sentences, and faint weights stay faint", () => {
  const faint = { gradient: [0.01], without: [-0.002], bag: [0] };
  assert.deepEqual(scalesOf([faint]), { gradient: 0.5, without: 0.1, bag: 0.5 });
  assert.equal(scalesOf([faint, { gradient: [-2, 1], without: [], bag: [] }]).gradient, 2);
});

test("weights are those of one class", () => {
  const sentence = { gradient: [[1, 2]], without: [[3, 4]], bag: { contributions: [[5, 6]] } };
  assert.deepEqual(weightsOf(sentence, 1), { gradient: [2], without: [4], bag: [6] });
});

test("the bag after all words is the softmax of the sum, and after none what it begins with", () => {
  const bag = {
    before: [Math.log(2), 0],
    contributions: [
      [Math.log(3), 0],
      [0, Math.log(2)],
    ],
  };
  const near = (found, wanted) => {
    for (const [at, value] of found.entries()) assert.ok(Math.abs(value - wanted[at]) < 1e-12);
  };
  near(bagAfter(bag, 0), [2 / 3, 1 / 3]);
  near(bagAfter(bag, 2), [6 / 8, 2 / 8]);
  near(bagAfter(bag, 1), [6 / 7, 1 / 7]);
});

test("a word that was put in is the only one without a partner", () => {
  assert.deepEqual(matched(["it", "was", "not", "good"], ["it", "was", "good"]), [0, 1, null, 2]);
  assert.deepEqual(matched(["it", "was", "good"], ["it", "was", "not", "good"]), [0, 1, 3]);
  assert.deepEqual(matched(["a"], []), [null]);
});

test("matched words keep their order, whatever the sentences", () => {
  const one = "it was good , not bad".split(" ");
  const places = matched(one, "it was bad , not good".split(" ")).filter((at) => at !== null);
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.equal(places.length, 4); // it was , not
});

test("the bands of a ribbon lie on each other and fill it", () => {
  const columns = [
    { x: 0, width: 40 },
    { x: 40, width: 20 },
  ];
  const [bottom, top] = ribbon(
    [
      [0.25, 0.75],
      [1, 0],
    ],
    columns,
    100,
  );
  assert.match(bottom, /^M0,75L30,75C37\.5,75 37\.5,0 45,0L60,0L60,100/);
  assert.match(top, /^M0,0L30,0C37\.5,0 37\.5,0 45,0L60,0L60,0L45,0C37\.5,0 37\.5,75 30,75L0,75Z$/);
  assert.deepEqual(ribbon([], [], 100), []);
});

test("of equal classes the first is said", () => {
  assert.equal(classOf([0.2, 0.4, 0.4]), 1);
});
