import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { batchWords, held, median, ms, ORDERS, timesOf } from "../../lessons/training_rnns/static/bucketing-numbers.js";

const SAMPLE = new URL("../../lessons/training_rnns/static/bucketing.sample.json", import.meta.url);
const { events } = JSON.parse(readFileSync(SAMPLE, "utf8"));
const { result } = events.at(-1).data;

test("the batches that are drawn hold what the run says", () => {
  for (const order of ORDERS) {
    const { batches, tokens, places, wasted } = result.orders[order];
    const all = batches.map((batch) => held(batch, result.lengths));
    const sum = (key) => all.reduce((total, one) => total + one[key], 0);
    assert.equal(sum("tokens"), tokens);
    assert.equal(sum("places"), places);
    assert.ok(Math.abs(1 - tokens / places - wasted) < 1e-12);
    assert.equal(
      tokens,
      result.lengths.reduce((total, length) => total + length, 0),
    );
  }
});

test("a batch is said in a sentence", () => {
  const lengths = [3, 4, 4];
  assert.equal(
    batchWords({ width: 5, members: [0, 1] }, lengths),
    "2 sentences of 3 to 4 words, filled up to 5: 30.0\u00a0% is padding.",
  );
  assert.equal(
    batchWords({ width: 4, members: [2] }, lengths),
    "One sentence of 4 words, filled up to 4: 0.0\u00a0% is padding.",
  );
});

test("times are medians over the rounds so far, and those at the end are the result's", () => {
  assert.equal(timesOf([], result), null);
  const rows = events.filter(({ kind }) => kind === "metrics").flatMap(({ data }) => data.rows);
  const times = timesOf(rows, result);
  for (const order of ORDERS) {
    assert.ok(Math.abs(times[order].pass - result.times[order].pass.median) < 1e-9);
    assert.ok(Math.abs(times[order].step - result.times[order].step.median) < 1e-9);
  }
});

test("a median is the middle one, or the mean of the two in the middle", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 7]), 6);
  assert.equal(ms(0.123), "0.12\u00a0ms");
});
