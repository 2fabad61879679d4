import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  ACTIVATIONS,
  answersOf,
  changed,
  encode,
  forward,
  largestDifference,
  outputProductsOf,
  problemOf,
  productsOf,
  READS,
  randomNet,
  readChanges,
  show,
  symbolsOf,
  wanted,
  writeChanges,
} from "../../lessons/recurrent_neurons/static/unroll-maths.js";

const FILE = new URL("../../lessons/recurrent_neurons/tests/unroll-vectors.json", import.meta.url);
/** What mlcore computed; a test in Python holds the file to it. */
const CASES = JSON.parse(readFileSync(FILE, "utf8"));

function answered({ example, sequence, given, activation = "tanh", changes = "" }) {
  const reads = READS[example];
  const net = changed(given, readChanges(changes));
  const x = encode(reads, symbolsOf(reads, sequence));
  return { net, x, trace: forward(net, x, activation, answersOf(example)) };
}

for (const [at, vector] of CASES.entries()) {
  const name = `${at + 1}: ${vector.example} ${vector.activation ?? ""} ${vector.changes ?? ""}`;

  test(`the page computes what Python computes (${name.trim()})`, () => {
    const { trace, x } = answered(vector);
    const difference = largestDifference(trace, vector);
    assert.ok(difference !== null && difference < 1e-6, `largest difference ${difference}`);
    const target = wanted(vector.example, x);
    assert.equal(target === null, vector.wanted === null);
    for (const [t, value] of (target ?? []).entries()) assert.ok(Math.abs(value - vector.wanted[t]) < 1e-6);
  });

  test(`products add up to the sums that are shown (${name.trim()})`, () => {
    const { net, trace } = answered(vector);
    const phi = ACTIVATIONS[vector.activation ?? "tanh"];
    const sum = (terms) => terms.reduce((all, { product }) => all + product, 0);
    const close = (one, two) => assert.ok(Math.abs(one - two) <= 1e-9 * Math.max(1, Math.abs(two)), `${one} ≠ ${two}`);
    for (let t = 0; t < trace.steps; t += 1) {
      for (let j = 0; j < trace.units; j += 1) {
        const z = sum(productsOf(net, trace, t, j));
        close(z, trace.z[t * trace.units + j]);
        close(phi(z), trace.y[t * trace.units + j]);
      }
      close(ACTIVATIONS[answersOf(vector.example)](sum(outputProductsOf(net, trace, t))), trace.said[t]);
    }
  });
}

test("random weights are those that Python draws", () => {
  for (const { example, units, seed = 1, given } of CASES.filter((vector) => vector.example.startsWith("own"))) {
    assert.deepEqual(randomNet(READS[example], units ?? 3, seed), given);
  }
});

test("changes are read as they are written", () => {
  const changes = new Map([
    ["Wy.0.1", -0.5],
    ["b.2", 1000],
    ["c.0", 0],
    ["V.3.0", 0.000001],
  ]);
  assert.deepEqual(readChanges(writeChanges(changes)), changes);
  assert.equal(readChanges("").size, 0);
});

test("a change that is none is refused in a sentence", () => {
  for (const text of ["Wy.0.0=Infinity", "Wy.0.0=NaN", "Wy.0.0=1e99", "Q.1=2", "Wy.0.0", "Wy.0.0=1001", "<b>=1"]) {
    assert.throws(() => readChanges(text), /^Error: .*\.$/, text);
  }
  const net = randomNet("numbers", 2, 1);
  for (const name of ["Wy.0.2", "Wx.1.0", "b.2", "b.0.0", "Wy.0"]) {
    assert.throws(() => changed(net, new Map([[name, 1]])), /no weight/, name);
  }
});

test("changing weights leaves the given ones as they are", () => {
  const net = randomNet("numbers", 2, 1);
  const before = structuredClone(net);
  assert.equal(changed(net, readChanges("Wy.0.1=7")).Wy[0][1], 7);
  assert.deepEqual(net, before);
});

test("a sequence that cannot be read is named", () => {
  assert.equal(problemOf("numbers", [1, -2.5]), "");
  assert.match(problemOf("numbers", []), /empty/);
  assert.match(problemOf("numbers", new Array(41).fill(0)), /41 steps/);
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 1001, "x"]) {
    assert.match(problemOf("numbers", [wrong]), /between/);
  }
  assert.match(problemOf("bits", ["0", "2"]), /noughts and ones/);
  assert.match(problemOf("brackets", ["(", "x"]), /\( and \)/);
  assert.deepEqual(symbolsOf("bits", "0 1, 1"), ["0", "1", "1"]);
  assert.equal(symbolsOf("letters", "a𝒳").length, 2);
});

test("numbers are shown for the eye", () => {
  assert.equal(show(-0.5), "−0.50");
  assert.equal(show(0), "0.00");
  assert.equal(show(123.456), "123.5");
  assert.equal(show(1.2345e19), "1.2·10¹⁹");
  assert.equal(show(-0.00003), "−3·10⁻⁵");
});

test("the largest weights allowed and the longest sequence stay numbers", () => {
  const net = randomNet("numbers", 16, 1);
  const all = new Map();
  for (let i = 0; i < 16; i += 1) {
    all.set(`Wx.0.${i}`, 1000);
    for (let j = 0; j < 16; j += 1) all.set(`Wy.${i}.${j}`, 1000);
  }
  const x = encode("numbers", new Array(40).fill(1000));
  const trace = forward(changed(net, all), x, "linear", "linear");
  assert.ok([...trace.y, ...trace.said].every(Number.isFinite));
});
