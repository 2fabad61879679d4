// The windows, words and figures of the training on characters.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  bits,
  curveFigure,
  named,
  pieces,
  sign,
  strength,
  updates,
  verdict,
  windowAt,
  windowCount,
  wordsKnown,
} from "../../lessons/text_generation/static/train-characters-numbers.js";
import { differences, soFar } from "../../static/js/training-run.js";

const sample = JSON.parse(
  readFileSync(new URL("../../lessons/text_generation/static/train_characters.sample.json", import.meta.url), "utf8"),
);
const { data, rows, frames } = soFar(sample.events);
const result = sample.events.at(-1).data.result;

test("the target is the window, one character later, and the next window goes on where it ends", () => {
  assert.deepEqual(windowAt("Hello", 0, 4), { input: [..."Hell"], target: [..."ello"] });
  const length = 64;
  const count = windowCount(data.excerpt, length);
  assert.equal(count, Math.floor((data.excerpt.length - 1) / length));
  const all = Array.from({ length: count }, (_, index) => windowAt(data.excerpt, index, length));
  assert.equal(all.flatMap(({ input }) => input).join(""), data.excerpt.slice(0, count * length));
  for (const { input, target } of all) {
    assert.equal(target.length, length);
    assert.deepEqual(input.slice(1), target.slice(0, -1));
  }
  assert.equal(windowCount("Hello", 5), 0);
  assert.equal(windowCount("", 5), 0);
});

test("a character outside the basic plane is one character", () => {
  assert.deepEqual(windowAt("a😀bc", 0, 3), { input: ["a", "😀", "b"], target: ["😀", "b", "c"] });
});

test("what cannot be seen has a sign and a name", () => {
  assert.deepEqual(["\n", " ", "a"].map(sign), ["⏎", "␣", "a"]);
  assert.deepEqual(["\n", " ", "a"].map(named), ["line end", "space", "“a”"]);
});

test("a sample is cut into words and gaps that give it back, and words that the text lacks are marked", () => {
  const found = pieces("The fants, and\nKust it’s", ["fants", "kust"]);
  assert.equal(found.map(({ text }) => text).join(""), "The fants, and\nKust it’s");
  assert.deepEqual(
    found.filter(({ madeUp }) => madeUp).map(({ text }) => text),
    ["fants", "Kust"],
  );
  for (const frame of frames) {
    const cut = pieces(frame.text, frame.made_up);
    assert.equal(cut.map(({ text }) => text).join(""), frame.text);
    assert.deepEqual(
      [...new Set(cut.filter(({ madeUp }) => madeUp).map(({ text }) => text.toLowerCase()))].sort(),
      frame.made_up,
    );
  }
});

test("the last word, which may be cut, is not counted", () => {
  assert.deepEqual(wordsKnown({ text: "the fants no", made_up: ["fants"] }), { words: 2, known: 1 });
  assert.deepEqual(wordsKnown({ text: "the fants.", made_up: ["fants"] }), { words: 2, known: 1 });
  assert.deepEqual(wordsKnown({ text: "", made_up: [] }), { words: 0, known: 0 });
});

test("more of the words are the text's in the end than in the beginning", () => {
  const share = (frame) => wordsKnown(frame).known / wordsKnown(frame).words;
  assert.ok(share(frames.at(-1)) > 0.8);
  assert.ok(share(frames[0]) < 0.5);
});

test("nats become bits", () => {
  assert.equal(bits(Math.LN2), 1);
  assert.equal(bits(null), null);
  assert.ok(Math.abs(bits(result.validation) - result.bits) < 0.001);
});

test("a number of bits is judged by what counting reaches", () => {
  const baselines = { equal: 6, single: 5, pairs: 4, triples: 3 };
  assert.match(verdict(9, baselines), /^Worse than saying that every character is equally likely/);
  assert.match(verdict(6.01, baselines), /^As good as/);
  assert.match(verdict(5.5, baselines), /frequent each character is/);
  assert.match(verdict(4.5, baselines), /^Not yet as good as counting which characters form pairs/);
  assert.match(verdict(3.5, baselines), /^Better than counting pairs/);
  assert.match(verdict(2.5, baselines), /what lies further back/);
  assert.equal(verdict(null, baselines), "");
});

test("the curve has a point to choose for each stage, and a line for each way of counting", () => {
  const figure = curveFigure({ rows, baselines: data.baselines, step: 40, steps: 600, others: [], unit: "bits" });
  const watched = figure.traces.at(-1);
  assert.deepEqual(
    watched.customdata,
    frames.map(({ step }) => String(step)),
  );
  assert.ok(Math.abs(watched.y.at(-1) - result.bits) < 0.001);
  assert.equal(figure.layout.annotations.length, 4);
  assert.equal(figure.layout.shapes.at(-1).x0, 40);
  const [low, high] = figure.layout.yaxis.range;
  for (const y of figure.traces.flatMap((trace) => trace.y)) assert.ok(low < y && y < high);
  assert.equal(figure.table.rows.length, 4 + rows.length);
});

test("in nats the same curve is lower by the logarithm of two", () => {
  const figure = (unit) => curveFigure({ rows, baselines: data.baselines, step: 0, steps: 600, others: [], unit });
  const [inBits, inNats] = [figure("bits"), figure("nats")];
  for (const part of [(f) => f.traces[0].y[3], (f) => f.layout.yaxis.range[1], (f) => f.layout.shapes[0].y0]) {
    assert.ok(Math.abs(part(inNats) / part(inBits) - Math.LN2) < 1e-9);
  }
});

test("a loss far above all lines leaves the picture", () => {
  const wild = [...rows, { step: 5, epoch: 0, loss: 30, validation: 30 }];
  const { layout } = curveFigure({
    rows: wild,
    baselines: data.baselines,
    step: 0,
    steps: 600,
    others: [],
    unit: "bits",
  });
  assert.ok(layout.yaxis.range[1] < 11);
});

test("a cell is coloured by its share of the largest", () => {
  assert.equal(strength(-2, 4), -0.5);
  assert.equal(strength(9, 4), 1);
  assert.equal(strength(0, 0), 0);
});

test("runs differ by their settings", () => {
  assert.deepEqual(differences({ units: 16, window: 8 }, { units: 256, window: 8 }), ["units"]);
  assert.equal(updates(1), "1 update");
  assert.equal(updates(1200), "1,200 updates");
});
