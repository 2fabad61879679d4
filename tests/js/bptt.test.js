import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as bptt from "../../lessons/training_rnns/static/bptt-numbers.js";

const SAMPLE = new URL("../../lessons/training_rnns/static/bptt.sample.json", import.meta.url);
const { events } = JSON.parse(readFileSync(SAMPLE, "utf8"));
const { result } = events.at(-1).data;
const steps = result.x.length;

test("one scrubs forward through the steps, to the cost, backward through the steps, and to the sum", () => {
  const words = bptt.phasesOf(2).map(bptt.phaseWords);
  assert.deepEqual(words, [
    "forward, t = 1",
    "forward, t = 2",
    "the cost",
    "backward, t = 2",
    "backward, t = 1",
    "the sum over time",
  ]);
});

test("nothing is known before it is computed", () => {
  const phases = bptt.phasesOf(3);
  assert.deepEqual(
    phases.map((phase) => Object.values(bptt.known(phase, 3))),
    [
      [1, false, 3],
      [2, false, 3],
      [3, false, 3],
      [3, true, 3],
      [3, true, 2],
      [3, true, 1],
      [3, true, 0],
      [3, true, 0],
    ],
  );
});

test("numbers are short, and their minus is a minus", () => {
  const cases = [
    [0, "0"],
    [-0.25, "−0.250"],
    [9.9996, "10.00"],
    [123.456, "123.5"],
    [-0.00022, "−2.2e−4"],
    [1.5e12, "1.5e12"],
  ];
  for (const [value, text] of cases) assert.equal(bptt.num(value), text);
});

test("the two factors of each step make its contribution, for every weight", () => {
  for (const weight of bptt.weightsOf(result.weights)) {
    const parts = bptt.contributionsOf(result, weight);
    for (let t = 0; t < steps; t++) {
      const [one, other] = bptt.factors(result, weight, t);
      assert.ok(Math.abs(one * other - parts[t]) < 1e-12);
    }
  }
});

test("the bars begin at the last step, follow on each other and end at the gradient", () => {
  for (const weight of bptt.weightsOf(result.weights)) {
    const { bars, sum, low, high } = bptt.waterfall(bptt.contributionsOf(result, weight));
    assert.equal(bars.at(-1).from, 0);
    for (let t = 0; t + 1 < steps; t++) assert.equal(bars[t].from, bars[t + 1].to);
    assert.ok(Math.abs(sum - bptt.numberAt(result.gradient, weight)) < 1e-12);
    assert.ok(low <= 0 && high >= 0 && low <= sum && sum <= high);
  }
});

test("the lines say the formula with its numbers", () => {
  const small = {
    weights: { Wx: [[2]], Wy: [[-0.5]], b: [0.25] },
    x: [[1], [-1]],
    z: [[2.25], [-2.875]],
    y: [[2.25], [-2.875]],
    target: [0, 0.125],
    counts: [false, true],
    costs: [0, 4.5],
    cost: 4.5,
    direct: [[0], [-3]],
    slope: [[1], [1]],
    delta: [[1.5], [-3]],
  };
  assert.deepEqual(bptt.forwardLines(small, 1, "linear"), [
    { symbols: "unit 1", numbers: "(−1.000) × 2.000 + 2.250 × (−0.500) + 0.250", value: "−2.875" },
  ]);
  assert.deepEqual(bptt.costLines(small), [
    { symbols: "t = 2", numbers: "½ · (−2.875 − 0.125)²", value: "4.500" },
    { symbols: "L", numbers: "4.500", value: "4.500" },
  ]);
  assert.deepEqual(bptt.backwardLines(small, 0, "linear"), [
    { symbols: "unit 1", numbers: "(0 + (−3.000) × (−0.500)) × 1.000", value: "1.500" },
  ]);
  assert.match(bptt.forwardLines(small, 0, "tanh")[0].numbers, /^tanh\(1\.000 × 2\.000 \+ 0\.250\) = tanh\(2\.250\)$/);
});

test("each weight has a name of its own", () => {
  const weights = bptt.weightsOf(result.weights);
  assert.equal(new Set(weights.map(bptt.keyOf)).size, weights.length);
  assert.equal(new Set(weights.map(bptt.nameOf)).size, weights.length);
});
