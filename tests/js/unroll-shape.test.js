import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lineOf,
  middle,
  pathsOf,
  scaleOf,
  shapeOf,
  strength,
  widthOf,
} from "../../lessons/recurrent_neurons/static/unroll-shape.js";

const shape = (steps, units, width = 700) => shapeOf({ steps, units, apart: true, width });

test("few steps take the room there is, many are as narrow as can be read", () => {
  assert.ok(widthOf(shape(5, 3)) <= 700);
  assert.ok(shape(5, 3).column > shape(40, 3).column);
  assert.ok(shape(40, 16).column >= 2 * shape(40, 16).radius + 20);
});

test("no neuron touches another, and the input and the output stand apart from them", () => {
  for (const units of [1, 4, 5, 8, 9, 16]) {
    const { state, radius, out, input } = shape(10, units);
    for (let j = 1; j < units; j += 1) assert.ok(state[j] - state[j - 1] > 2 * radius);
    assert.ok(state[0] - radius > out + 12);
    assert.ok(state[units - 1] + radius < input - 14);
  }
});

test("a weight's line is the same in every column", () => {
  const made = shape(40, 4);
  assert.equal(middle(made, 7) - middle(made, 6), made.column);
  assert.notEqual(lineOf(made, "Wy", 0, 1), lineOf(made, "Wy", 1, 0));
  for (const kind of ["Wx", "Wy", "V"]) assert.doesNotMatch(lineOf(made, kind, 0, 3), /NaN|undefined/);
});

test("strong weights are thick, and next to nothing is not drawn", () => {
  assert.deepEqual(
    [2, 1, 0.2, 0.01, 0, -0.2, -2].map((weight) => strength(weight, 2)),
    [4, 2, 1, 0, 0, -1, -4],
  );
  const lines = Array.from({ length: 256 }, (_, at) => ({ d: "M0 0", weight: (at - 128) / 64 }));
  assert.ok(pathsOf(lines, 2).size <= 8);
});

test("the curve holds whatever there is", () => {
  for (const most of [0.5, 1, 20, 21, 1e19, 1e170]) {
    const scale = scaleOf(most);
    for (const part of [-1, -0.5, 0, 0.5, 1]) assert.ok(Math.abs(scale(part * most)) <= 1);
    assert.equal(scale(0), 0);
  }
});
