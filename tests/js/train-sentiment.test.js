// What a training on tweets has said, cell by cell, and its curves.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { curveFigure } from "../../lessons/sentiment/static/train-sentiment-figures.js";
import {
  nameOf,
  probabilitiesOf,
  shareOf,
  tweetsIn,
  verdict,
  wayOf,
} from "../../lessons/sentiment/static/train-sentiment-rows.js";
import { sameCurve, soFar } from "../../static/js/training-run.js";

const sample = JSON.parse(
  readFileSync(new URL("../../lessons/sentiment/static/train_sentiment.sample.json", import.meta.url), "utf8"),
);
const { data, rows, frames } = soFar(sample.events);
const { result } = sample.events.at(-1).data;
const CLASSES = [0, 1, 2];

test("every tweet is in one cell of the matrix, and each cell holds as many as it says", () => {
  for (const verdicts of [...frames, data.baseline]) {
    const found = CLASSES.flatMap((truth) =>
      CLASSES.flatMap((said) => {
        const tweets = tweetsIn(data, verdicts, truth, said);
        assert.equal(tweets.length, verdicts.counts[truth][said]);
        return tweets.map(({ index }) => index);
      }),
    );
    assert.equal(new Set(found).size, data.tweets.length);
  }
});

test("the surest mistakes come first", () => {
  const tweets = tweetsIn(data, frames.at(-1), 1, 0);
  const sure = tweets.map(({ probabilities }) => probabilities[0]);
  assert.deepEqual(
    sure,
    [...sure].sort((one, other) => other - one),
  );
  assert.equal(sure[0] > 1 / 3, true);
});

test("three probabilities come from two, and are one together", () => {
  const verdicts = { counts: [], recall: [], said: "20", sure: [100, 700, 999, 1] };
  assert.deepEqual(probabilitiesOf(verdicts, 0), [0.1, 0.2, 0.7]);
  assert.deepEqual(probabilitiesOf(verdicts, 1), [0.999, 0, 0.001]);
});

test("a share is of all tweets with that label", () => {
  assert.equal(
    shareOf(
      [
        [6, 3, 1],
        [0, 0, 0],
        [0, 0, 0],
      ],
      0,
      1,
    ),
    0.3,
  );
  assert.equal(
    shareOf(
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      1,
      1,
    ),
    0,
  );
});

test("a tweet's way goes through all looks", () => {
  assert.deepEqual(
    wayOf(frames, 3),
    frames.map(({ said }) => Number(said[3])),
  );
});

test("each curve has the baseline's score as a line over the whole axis", () => {
  for (const curve of ["f1", "accuracy", "loss"]) {
    const { traces } = curveFigure({ data, rows, epoch: 1, epochs: 4, others: [], curve });
    const baseline = traces.find(({ name }) => name === "TF-IDF and logistic regression");
    assert.deepEqual(baseline.x, [0, 4]);
    assert.deepEqual(baseline.y, [result.baseline[curve], result.baseline[curve]]);
    assert.equal(traces.at(-1).x.length, frames.length);
  }
});

test("an earlier run is laid over with its own curve, told by what sets it apart", () => {
  const run = { params: { ...sample.params, cell: "lstm", bidirectional: false }, result };
  const name = nameOf(run, sample.params);
  assert.match(name, /^LSTM, one way, \d+ epochs$/);
  const { traces } = curveFigure({
    data,
    rows,
    epoch: 1,
    epochs: 4,
    others: [{ name, curve: result.curve }],
    curve: "f1",
  });
  const over = traces.find((trace) => trace.name === name);
  assert.deepEqual(
    over.y,
    result.curve.map(({ f1 }) => f1),
  );
});

test("a run is the same in whatever order its numbers are named", () => {
  const turned = result.curve.map(({ epoch, validation, f1 }) => ({ f1, validation, epoch }));
  assert.equal(sameCurve(turned, result.curve), true);
  assert.equal(sameCurve(turned.slice(1), result.curve), false);
  assert.equal(sameCurve(turned.with(2, { ...turned[2], validation: 9 }), result.curve), false);
});

test("the verdict is better, worse, or that nobody can tell", () => {
  const of = (low, high) => verdict({ f1: 0.75, baseline: { f1: 0.74 }, difference: { low, high }, diverged: null });
  assert.match(of(0.002, 0.03), /0\.010 more\..*between \+0\.002 and \+0\.030.*the network is better\.$/);
  assert.match(of(-0.03, -0.002), /needs no network\.$/);
  assert.match(of(-0.03, 0.01), /cannot tell which of the two is better\.$/);
  assert.match(verdict({ diverged: { step: 3 } }), /diverged/);
});
