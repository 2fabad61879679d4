// The rows, windows and figures of the forecast demo.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  aheadFigure,
  curveFigure,
  forecastFigure,
  seriesFigure,
  verdict,
  windowFigure,
} from "../../lessons/training_rnns/static/forecast-figures.js";
import {
  placeOf,
  shown,
  spansDecades,
  windowAt,
  windowCount,
  wordsOf,
} from "../../lessons/training_rnns/static/forecast-rows.js";
import { differences, soFar } from "../../static/js/training-run.js";

const sample = JSON.parse(
  readFileSync(new URL("../../lessons/training_rnns/static/forecast.sample.json", import.meta.url), "utf8"),
);
const { data, rows, frames } = soFar(sample.events);
const result = sample.events.at(-1).data.result;

test("a row has its place and its words in time", () => {
  const clock = (start, every) => ({ start, every });
  assert.equal(placeOf(clock("1700-01-01T00:00:00", "year"), 116), 1816);
  assert.equal(wordsOf(clock("1700-01-01T00:00:00", "year"), 116), "1816");
  assert.equal(placeOf(clock("1958-03-29T00:00:00", "week"), 1), "1958-04-05T00:00");
  assert.equal(wordsOf(clock("1958-03-29T00:00:00", "week"), 1), "1958-04-05");
  assert.equal(wordsOf(clock("1959-04-01T00:00:00", "quarter"), 3), "1960 Q1");
  assert.equal(wordsOf(clock("2020-01-31T00:00:00", "month"), 1), "2020-02");
  assert.equal(placeOf(clock("2020-01-31T00:00:00", "month"), 1), "2020-02-29T00:00");
  assert.equal(wordsOf(clock("2013-01-01T06:00:00", "hour"), 20), "2013-01-02 02:00");
  assert.equal(placeOf(clock(null, "row"), 4), 5);
  assert.equal(wordsOf(clock(null, "row"), 4), "row 5");
});

test("the target is the window, one row later", () => {
  const { inputs, targets } = windowAt(7, 5);
  assert.deepEqual(inputs, [7, 8, 9, 10, 11]);
  assert.deepEqual(targets, [8, 9, 10, 11, 12]);
  assert.equal(windowCount(data, 20), data.windows);
  const last = windowAt(windowCount(data, 20) - 1, 20);
  assert.equal(last.targets.at(-1), data.train - 1);
});

test("a window's figure draws inputs and targets at their own rows, linked by place", () => {
  const { traces, table } = windowFigure(data, 3, 20);
  assert.deepEqual(traces[0].x.slice(1), traces[1].x.slice(0, -1));
  assert.deepEqual(traces[0].y.slice(1), traces[1].y.slice(0, -1));
  assert.deepEqual(traces[0].customdata, traces[1].customdata);
  assert.equal(table.rows.length, 20);
});

test("the recorded run gives every figure its numbers", () => {
  assert.equal(frames.length > 20, true);
  assert.equal(seriesFigure(data, 0, 20).traces[0].y.length, data.rows);
  const { one, many, low, high } = frames.at(-1);
  const figure = forecastFigure(data, {
    ...{ first: data.validation - one.length, one, origin: data.validation - many.length, many, low, high },
  });
  const years = figure.traces.at(-1).x;
  assert.equal(years.at(-1), 1700 + data.validation - 1);
  assert.equal(aheadFigure(data, result.errors).traces.length, 4);
  const watched = curveFigure({ rows, epoch: 40, epochs: 40, others: [], curve: "loss" }).traces.at(-1);
  assert.equal(watched.x.length, frames.length);
});

test("a curve over decades gets a logarithmic axis", () => {
  assert.equal(spansDecades([1, null, 2, 90]), false);
  assert.equal(spansDecades([0.1, 5000]), true);
  const exploded = [
    { step: 0, epoch: 0, loss: null, gradient: null, validation: 1, error: 1 },
    { step: 1, epoch: 1, loss: 20_000, gradient: 9, validation: null, error: null },
  ];
  const { layout } = curveFigure({ rows: exploded, epoch: 1, epochs: 1, others: [], curve: "loss" });
  assert.equal(layout.yaxis.type, "log");
});

test("the verdict says what the network is better, alike and worse than", () => {
  const row = (name, mae) => ({ name, one: { mae } });
  const said = (...maes) =>
    verdict(
      { ...data, unit: "kg" },
      { errors: ["model", "last", "seasonal", "linear"].map((n, i) => row(n, maes[i])) },
    );
  assert.match(said(1, 2, 3, 4), /errs by 1\.00\u00a0kg on average: better than last value, one season ago and linear/);
  assert.match(said(1, 2, 1.01, 0.5), /better than last value, about as good as one season ago, worse than linear/);
  assert.match(said(5, 2, 3, 4), /worse than .*It has not earned its keep here\.$/);
  assert.equal(verdict(data, { errors: [row("last", 1)] }), "");
});

test("numbers are short", () => {
  assert.equal(shown(13.0608, "ppm"), "13.1\u00a0ppm");
  assert.equal(shown(0.1), "0.100");
  assert.equal(shown(null), "–");
  assert.equal(shown(1.5e9), "1.50e+9");
});

test("runs are told apart by the settings in which they differ", () => {
  assert.deepEqual(differences({ a: 1, b: [1], c: 3 }, { a: 1, b: [2], c: 4 }), ["b", "c"]);
});
